"""What becomes of the rows of each table: said on its model, and true in the database."""

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from jalon.db.hardening import append_only_tables
from jalon.db.keyed import KeyedModel
from jalon.db.rows import AppendOnly, Exempt, Tracked, append_only, declared, exempt, rows_of
from jalon.db.tenant import TenantModel
from tests.house.test_models import every_model, label, own_models

TRIGGERS = """
select tgname from pg_trigger
where tgrelid = %s::regclass and not tgisinternal and tgenabled <> 'D'
  and tgname ~ '^pgtrigger_(insert|update|delete)_'
"""


def triggers(model: type[models.Model]) -> set[str]:
    """The moments at which a trigger of the history runs: insert, update, delete."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [model._meta.db_table])
        return {name.split("_")[1] for (name,) in cursor.fetchall()}


@every_model
def test_a_model_says_what_becomes_of_its_rows(model: type[models.Model]) -> None:
    assert rows_of(model)


@isolate_apps("jalon.agenda")
@pytest.mark.parametrize("base", [TenantModel, KeyedModel, models.Model])
def test_a_table_that_says_nothing_is_refused_by_its_name(base: type[models.Model]) -> None:
    class Absence(base):  # type: ignore[valid-type,misc]  # each base in turn
        class Meta:
            app_label = "agenda"

    with pytest.raises(LookupError, match=r"agenda\.Absence says nothing of its rows"):
        rows_of(Absence)


@isolate_apps("jalon.agenda")
def test_what_a_model_says_is_not_said_for_those_that_inherit_it() -> None:
    @exempt("a sample")
    class Sample(TenantModel):
        class Meta:
            app_label = "agenda"

    class Absence(Sample):
        class Meta:
            app_label = "agenda"

    assert rows_of(Sample) == Exempt("a sample")
    with pytest.raises(LookupError, match=r"agenda\.Absence"):
        rows_of(Absence)


@isolate_apps("jalon.agenda")
def test_a_table_said_to_be_append_only_is_one() -> None:
    @append_only
    class Proof(TenantModel):
        class Meta:
            app_label = "agenda"

    assert rows_of(Proof) == AppendOnly()


@pytest.mark.django_db
@every_model
def test_a_tracked_table_has_its_three_triggers_and_the_others_have_none(model: type[models.Model]) -> None:
    expected = {"insert", "update", "delete"} if isinstance(rows_of(model), Tracked) else set()
    assert triggers(model) == expected


@every_model
def test_a_history_leaves_out_only_columns_that_the_model_has(model: type[models.Model]) -> None:
    rows = rows_of(model)
    columns = {field.name for field in model._meta.local_fields}
    assert not isinstance(rows, Tracked) or set(rows.exclude) <= columns


def test_a_table_that_is_neither_kept_nor_guarded_says_why() -> None:
    reasons = [rows.why for rows in declared().values() if isinstance(rows, Exempt)]
    assert reasons
    assert [why for why in reasons if len(why.split()) < 3] == []


def test_histories_and_proofs_are_those_that_lose_their_privileges() -> None:
    tables = set(append_only_tables())
    assert {model._meta.db_table for model in own_models() if rows_of(model) == AppendOnly()} < tables
    assert {"people_personevent", "audit_entry", "plans_planversion", "documents_document"} <= tables


def test_what_belongs_to_a_person_is_never_exempt() -> None:
    """A table that reaches a record or a person by its keys keeps its rows, or those of its steps."""
    exempted = {label(model) for model in own_models() if isinstance(rows_of(model), Exempt)}
    of_the_record = {label(model) for model in own_models() if _reaches(model, set())}
    assert exempted & of_the_record == {
        "exchange.Delivery",
        "exchange.InsLookUp",
        "exchange.ReceivedIns",
        "exchange.Reception",
        "exchange.VerbatimResource",
        "people.NameWord",  # the database derives it from the person and their stays, whose rows are kept
    }


def _reaches(model: type[models.Model], seen: set[type[models.Model]]) -> bool:
    targets = {field.related_model for field in model._meta.local_fields if field.is_relation} - seen
    named = {label(target) for target in targets}
    return bool(named & {"people.Person", "records.Record"}) or any(
        _reaches(target, seen | targets) for target in targets
    )
