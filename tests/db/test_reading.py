"""A part of a transaction that reads: the database refuses to write in it, and writes again afterwards."""

import pytest
from django.db import InternalError, connection, transaction

from jalon.db.changes import lock
from jalon.db.reading import read_only
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sql",
    [
        "update people_person set phone = '1'",
        "delete from people_person",
        "with gone as (delete from people_person returning id) select count(*) from gone",
        "select set_config('jalon.any', '1', true); update people_person set phone = '1'",
        "select nextval('people_personevent_pgh_id_seq')",
        "create table absences (id int)",
        "set local transaction_read_only = off",
    ],
)
def test_whatever_writes_is_refused(body: ManagingBody, sql: str) -> None:
    PersonFactory()
    with pytest.raises(InternalError, match="read-only"), read_only(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Person.objects.get().phone == ""


def test_a_savepoint_inside_does_not_open_the_door(body: ManagingBody) -> None:
    with read_only():
        with pytest.raises(InternalError, match="read-only"), transaction.atomic():
            PersonFactory()
        with pytest.raises(InternalError, match="read-only"), tenant(body.pk):
            PersonFactory()
    assert not Person.objects.exists()


def test_what_comes_after_writes_again(body: ManagingBody) -> None:
    with read_only():
        assert not Person.objects.exists()
    person = PersonFactory()
    with pytest.raises(RuntimeError), read_only():
        raise RuntimeError
    assert lock(person) == person
