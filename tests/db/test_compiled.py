"""A query compiled once answers as the queryset it comes from, whoever asks, whatever the values."""

import threading
import uuid

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from pytest_django import DjangoAssertNumQueries

from jalon.db.compiled import compiled, param, uuids
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person, Vigilance
from jalon.records.models import Record
from tests.factories import PersonFactory, RecordFactory

pytestmark = pytest.mark.django_db


@compiled
def _people(in_order: bool) -> QuerySet[Person]:
    alert = Vigilance.objects.filter(person=OuterRef("pk"), kind=param("kind"))
    found = Person.objects.filter(sex=param("sex")).annotate(alerted=Exists(alert))
    return found.order_by("birth_name" if in_order else "-birth_name")


@compiled
def _of(what: str) -> QuerySet[Record]:
    found = Record.objects.filter(pk__in=uuids("records")).order_by("person__birth_name")
    rows = {
        "instances": found.select_related("person"),
        "dictionaries": found.values("room", "person__birth_name"),
        "tuples": found.values_list("room", "person__birth_name"),
        "values": found.values_list("person__birth_name", flat=True),
        "nothing": found.none(),
    }
    return rows[what]  # type: ignore[return-value]  # each kind of row that a queryset gives


def test_it_asks_again_with_other_values(body: ManagingBody) -> None:
    for name, sex in (("ACACIA", "F"), ("BOULEAU", "F"), ("CHARME", "M")):
        PersonFactory.create(birth_name=name, sex=sex)
    PersonFactory.create(birth_name="DATTIER", sex="F").vigilances.create(kind="fall", text="Chutes")
    women = _people(True).all(sex="F", kind="fall")
    assert [(one.birth_name, vars(one)["alerted"]) for one in women] == [
        ("ACACIA", False),
        ("BOULEAU", False),
        ("DATTIER", True),
    ]
    assert [one.birth_name for one in _people(True).all(sex="M", kind="fall")] == ["CHARME"]
    assert not any(vars(one)["alerted"] for one in _people(True).all(sex="F", kind="allergy"))
    last = _people(False).first(sex="F", kind="fall")
    assert last is not None
    assert last.birth_name == "DATTIER"
    assert _people(False).first(sex="U", kind="fall") is None


def test_its_rows_are_those_of_the_queryset(
    body: ManagingBody, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = (
        RecordFactory.create(room=room, person__birth_name=name) for room, name in (("1", "A"), ("2", "B"))
    )
    both = [second.pk, first.pk]
    with django_assert_num_queries(1):
        found = _of("instances").all(records=both)
        assert [(one, one.person.birth_name) for one in found] == [(first, "A"), (second, "B")]
    assert found[0].person.ins == first.person.ins, "what a column decrypts is decrypted"
    assert _of("dictionaries").all(records=both)[1] == {"room": "2", "person__birth_name": "B"}
    assert _of("tuples").all(records=both) == [("1", "A"), ("2", "B")]
    assert _of("values").all(records=both) == ["A", "B"]
    assert _of("values").all(records=[]) == []
    with django_assert_num_queries(0):
        assert _of("nothing").all(records=both) == []


def test_a_value_forgotten_is_named(body: ManagingBody) -> None:
    with pytest.raises(KeyError, match="kind"):
        _people(True).all(sex="F")


def test_a_value_stays_a_value(body: ManagingBody) -> None:
    assert _people(True).all(sex="F' or true --", kind="%s") == []


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_through_its_own_connection() -> None:
    _of("values")
    seen: list[object] = []

    def ask() -> None:
        seen.append(_of("values").all(records=[uuid.uuid4()]))
        seen.append(connection.connection)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen[0] == []
    assert seen[1] is not connection.connection
