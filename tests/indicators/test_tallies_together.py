"""Many who write at once, and the worker that counts again meanwhile: nobody waits, nothing is lost."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from jalon.care.models import HandoverNote
from jalon.core.moment import PARIS, local_day
from jalon.core.period import Month
from jalon.db.tenant import tenant
from jalon.indicators.counting import summed
from jalon.indicators.models import Recount, Tally
from jalon.indicators.queries import measure_of
from jalon.indicators.tallies import at_hand, differences
from jalon.indicators.tallying import count_again, tallied
from jalon.indicators.tasks import compare_tallies, keep_tallies, keep_up
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from tests.factories import EstablishmentFactory, HandoverNoteFactory, RecordFactory, StayFactory
from tests.indicators.plain import plainly
from tests.indicators.test_tallies import told

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, NOTES = 4, 12
AGAIN = """
insert into care_handovernote
select (jsonb_populate_record(note, jsonb_build_object('id', gen_random_uuid()))).*
from care_handovernote as note where record_id = %s limit 1"""


@pytest.fixture
def people(transactional_db: None) -> tuple[uuid.UUID, list[Record]]:
    """A body, and three people of a house of which nothing is written this month."""
    managing_body = ManagingBody.objects.create(name="Association Les Jalons", finess="990000002")
    with tenant(managing_body.pk):
        house = EstablishmentFactory.create()
        records = [RecordFactory.create(establishment=house) for _ in range(3)]
        for record in records:
            StayFactory.create(record=record, starts_on=dt.date(2026, 1, 5))
    keep_up(managing_body.pk, timezone.now())
    return managing_body.pk, records


@contextmanager
def another(body: uuid.UUID) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else's transaction, of the application, that waits for nobody."""
    said = connection.get_connection_params()
    asked = {name: said[name] for name in ("host", "port", "dbname", "user") if said.get(name)}
    with psycopg.connect(**asked) as opened:
        opened.execute("set lock_timeout = '1s'")
        opened.execute("select set_config('jalon.managing_body', %s, true)", [str(body)])
        yield opened


def agreed(body: uuid.UUID, records: list[Record]) -> dict[str, Any]:
    """The figures of the month under way, at hand as in plain SQL, at one and the same instant."""
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        return _agreed(body, records, now)


def _agreed(body: uuid.UUID, records: list[Record], now: dt.datetime) -> dict[str, Any]:
    with tenant(body):
        measure = measure_of(records[0].establishment, Month.of(local_day(now, PARIS)), now=now)
        found = told(summed(at_hand(measure)))
        assert found == plainly(measure)
        return found


def test_two_who_write_of_the_same_person_wait_neither_for_each_other_nor_for_the_count(
    people: tuple[uuid.UUID, list[Record]],
) -> None:
    body, (record, other, _) = people
    with tenant(body):
        for one in (record, other):
            HandoverNoteFactory.create(record=one, written_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        HandoverNote.objects.filter(record=other).update(written_at=timezone.now())
    keep_up(body, timezone.now())
    assert agreed(body, [record])["I1"][0] == 1
    with another(body) as slow:
        slow.execute(AGAIN, [record.pk])
        slow.execute("update care_handovernote set written_at = now() where record_id = %s", [record.pk])
        with another(body) as quick:
            quick.execute(AGAIN, [record.pk])
        with tenant(body):
            assert count_again() == 1
        assert agreed(body, [record])["I1"][0] == 1, "what is not committed is not counted"
        slow.commit()
    assert agreed(body, [record])["I1"][0] == 2
    with tenant(body):
        assert count_again() == 1
        assert not Recount.objects.exists()
    assert agreed(body, [record])["I1"][0] == 2


def test_many_writers_and_the_worker_together_lose_nothing(people: tuple[uuid.UUID, list[Record]]) -> None:
    body, records = people
    failed: list[BaseException] = []

    def write(rank: int) -> None:
        try:
            for number in range(NOTES):
                with tenant(body):
                    record = records[(rank + number) % len(records)]
                    note = HandoverNoteFactory.create(record=record, written_at=timezone.now())
                    if number % 2:
                        note.delete()
        except BaseException as error:  # told by the test itself
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(rank,)) for rank in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        keep_up(body, timezone.now())
        agreed(body, records)
    for thread in threads:
        thread.join()
    assert failed == []
    keep_up(body, timezone.now())
    assert agreed(body, records)["I1"][0] == len(records)
    with tenant(body):
        assert [differences(one) for one in tallied(Tally.objects.all())] == [[]]


def test_a_tally_that_differs_is_told_and_mended_at_night(people: tuple[uuid.UUID, list[Record]]) -> None:
    body, records = people
    keep_tallies(timestamp=0)
    with tenant(body), connection.cursor() as cursor:
        cursor.execute("delete from indicators_tallyline where record = %s", [records[0].pk])
        assert differences(tallied(Tally.objects.all())[0]) != []
    compare_tallies(timestamp=0)
    with tenant(body):
        assert differences(tallied(Tally.objects.all())[0]) == []
    agreed(body, records)
