"""Many rows at once: what is written is what one row after the other would have written, history included."""

import datetime as dt

import pytest
from django.db import DataError, IntegrityError, transaction

from jalon.audit.models import Entry
from jalon.db.bulk import insert
from jalon.exchange.models import VerbatimResource
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from tests.factories import PersonFactory


def test_rows_are_written_with_their_tenant_their_secrets_and_their_history(body: ManagingBody) -> None:
    new = [
        Person(
            key=f"3990000010/{number}",
            birth_name="FICTIF",
            birth_date=dt.date(1951, 5, 17),
            received={"a": 1},
        )
        for number in range(3)
    ]
    insert(new)
    rows = list(Person.objects.order_by("key"))
    assert [row.pk for row in rows] == [row.pk for row in new]
    assert {(row.managing_body_id, row.identity_status) for row in rows} == {(body.pk, "provisional")}
    assert rows[0].received["a"] == 1
    assert not new[0]._state.adding
    assert Person.pgh_event_models["insert"].objects.count() == 3


def test_the_same_table_may_be_written_twice_in_a_transaction(body: ManagingBody) -> None:
    for number in (1, 2):
        insert([VerbatimResource(key=f"{number}", type="Basic", content={"n": number})])
    assert {row.content["n"] for row in VerbatimResource.objects.all()} == {1, 2}


def test_facts_dates_and_nothing_at_all_are_written(body: ManagingBody) -> None:
    insert([])
    insert([Entry(action="people.imported", object_id=None, professional=None, facts={"n": 1})])
    assert Entry.objects.get(action="people.imported").facts == {"n": 1}


def test_what_the_table_refuses_is_refused(body: ManagingBody) -> None:
    known = PersonFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Person(key=known.key, birth_name="FICTIF")])
    with pytest.raises(DataError), transaction.atomic():
        insert([Person(key="3990000010/x", birth_name="F" * 200)])
