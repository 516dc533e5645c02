"""How the database finds a relève: by its indexes, with one question, never by reading all the notes."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from jalon.agenda.queries import mine_under_way
from jalon.care.models import HandoverNote
from jalon.care.told import IMPORTANT, UNREAD, Relay, last_passage
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from tests.care.sights import houses_of, no_house
from tests.factories import NOW, EventFactory, HandoverNoteFactory, MembershipFactory, RecordFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def reader(body: ManagingBody) -> Any:
    """Somebody at work, in a body with notes; a table of a few rows is sooner read than looked into."""
    record = RecordFactory.create()
    HandoverNoteFactory.create_batch(3, record=record, author__account=None)
    EventFactory.create(record=record)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    return MembershipFactory.create().professional


def test_a_releve_is_found_ranked_and_counted_by_indexes(reader: Any) -> None:
    relay = Relay(houses_of(*Record.objects.all()), reader=reader, since=NOW - HOUR, narrow={})
    plan = plan_of(relay._text, [*relay._params, 40, 0])
    assert "Index" in plan
    assert "Seq Scan on care_" not in plan


def test_one_question_gives_the_rows_and_what_is_counted(reader: Any, django_assert_num_queries: Any) -> None:
    first = HandoverNote.objects.order_by("pk")[0]
    HandoverNoteFactory.create(record=first.record, important=True)
    here = houses_of(first.record)
    with django_assert_num_queries(1):
        relay = Relay(here, reader=reader, since=NOW - HOUR, narrow={}, kept=IMPORTANT)
        assert len(relay[:40]) == len(relay) == 1
        assert (relay.counts["all"], relay.counts["unread"], relay.counts["rank_0"]) == (4, 4, 1)


def test_beyond_the_last_page_the_counts_are_still_those_of_all(reader: Any) -> None:
    here = houses_of(*Record.objects.all())
    relay = Relay(here, reader=reader, since=NOW - HOUR, narrow={}, kept=UNREAD)
    assert relay[80:120] == []
    assert len(relay) == 3


def test_a_releve_where_nothing_was_told_counts_nothing(reader: Any) -> None:
    relay = Relay(no_house(), reader=reader, since=NOW, narrow={}, kept=UNREAD)
    assert (relay[:40], len(relay), relay.counts["all"]) == ([], 0, 0)


def test_the_last_passage_is_the_first_row_of_its_index(reader: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "explain select read_at from care_acknowledgement where professional_id = %s and read_at < %s "
            "order by read_at desc limit 1",
            [reader.pk, NOW],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "read_last" in plan
    assert "Sort" not in plan
    assert last_passage(reader, NOW) is None


def test_what_one_leads_and_what_is_of_ones_people_come_each_by_an_index(reader: Any) -> None:
    here = replace(houses_of(*Record.objects.all()), place=())
    found = mine_under_way(reader, here=here, start=NOW, end=NOW + HOUR)
    assert found[:10] == []
    text, values = found._query.told(**found._values)
    assert "Seq Scan on agenda_event" not in plan_of(text, values)


def plan_of(text: str, values: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"explain {text}", values)
        return "\n".join(line for (line,) in cursor.fetchall())
