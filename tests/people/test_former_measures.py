"""Measures of schema 0.1 said two booleans, true by default: what was true is to be verified, never a yes."""

from importlib import import_module

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize(("former", "mode"), [(True, ""), (False, "none")])
def test_a_boolean_of_before_becomes_a_mode_that_promises_nothing(former: bool, mode: str) -> None:
    module = import_module("jalon.people.migrations.0003_extent_of_measures")
    statement = next(iter(module.modes_for_booleans())).database_operations[0].sql
    with connection.cursor() as cursor:
        cursor.execute("create temporary table people_protectionmeasure (covers_person boolean not null)")
        cursor.execute("insert into pg_temp.people_protectionmeasure values (%s)", [former])
        cursor.execute(statement)
        cursor.execute("select person_mode from pg_temp.people_protectionmeasure")
        assert cursor.fetchall() == [(mode,)]
