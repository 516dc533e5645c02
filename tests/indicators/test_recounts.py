"""The database notes each record to count again, whoever writes what is counted, and however."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection

from jalon.db.history import history
from jalon.documents.models import Withdrawal
from jalon.exchange.models import Delivery, DeliveryStep
from jalon.indicators.counting import lines
from jalon.indicators.models import Recount
from jalon.indicators.rules import Measure
from jalon.organizations.models import ManagingBody
from jalon.plans.models import PlanVersion
from jalon.records.models import Record
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    ConsentFactory,
    DocumentFactory,
    EventFactory,
    ExpectationFactory,
    GoalFactory,
    HandoverNoteFactory,
    NeedFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
    StayFactory,
)
from tests.indicators.past import written
from tests.indicators.test_past_figures import OCTOBER, PARIS
from tests.sandbox.load_base import superuser

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 10, 14, 10, tzinfo=dt.UTC)
# Read by the definitions, and changed by nothing that is counted: each with its reason.
UNCHANGED = {
    "exchange_delivery": "its document and its destination are for life; its steps are what counts",
}
PARTS = (ExpectationFactory, NeedFactory, GoalFactory, ActionFactory, AgreementFactory)
WATCHED = """
select tgrelid::regclass::text from pg_trigger where tgname ~ '^recount_' and tgenabled = 'A'
group by tgrelid having count(*) = 4"""


def noted() -> set[uuid.UUID]:
    return set(Recount.objects.values_list("record", flat=True))


def forget() -> None:
    Recount.objects.all().delete()


def delivery(record: Record) -> Delivery:
    document = DocumentFactory.create(record=record)
    return Delivery.objects.create(
        document=document, destination="dmp", requested_at=THEN, submission_id="1", message_id="1"
    )


def withdrawal(record: Record) -> Withdrawal:
    by = ProfessionalFactory.create()
    return Withdrawal.objects.create(
        document=DocumentFactory.create(record=record), at=THEN, by=by, reason="Erreur"
    )


def signed(record: Record) -> PlanVersion:
    by, plan = ProfessionalFactory.create(), PlanFactory.create(record=record)
    forget()
    return PlanVersion.objects.create(plan=plan, number=1, signed_at=THEN, signed_by=by, content={})


def step(record: Record) -> DeliveryStep:
    sent = delivery(record)
    forget()
    return DeliveryStep.objects.create(delivery=sent, at=THEN, state="sent")


def part(factory: Any, record: Record) -> Any:
    plan = PlanFactory.create(record=record)
    forget()
    return factory.create(plan=plan)


WRITERS: dict[str, Callable[[Record], Any]] = {
    "stay": lambda record: StayFactory.create(record=record),
    "note": lambda record: HandoverNoteFactory.create(record=record, written_at=THEN),
    "event": lambda record: EventFactory.create(record=record),
    "plan": lambda record: PlanFactory.create(record=record),
    "consent": lambda record: ConsentFactory.create(person=record.person),
    "document": lambda record: DocumentFactory.create(record=record),
    "withdrawal": withdrawal,
    "signature": signed,
    "sending": step,
    **{one.__name__: partial(part, one) for one in PARTS},
}


@pytest.mark.parametrize("what", sorted(WRITERS))
def test_what_is_written_of_a_record_leaves_it_to_recount(body: ManagingBody, what: str) -> None:
    record = RecordFactory.create()
    assert noted() == {record.pk}, "the record itself"
    forget()
    row = WRITERS[what](record)
    assert noted() == {record.pk}
    forget()
    if what not in ("document", "signature", "sending"):
        written(row, THEN)
        assert list(Recount.objects.values_list("record", "since")) == [(record.pk, THEN)]
        row.delete()
        assert noted() == {record.pk}


@pytest.mark.parametrize("what", ["stay", "note", "event", "plan", "consent"])
def test_what_goes_to_another_record_leaves_both_to_recount(body: ManagingBody, what: str) -> None:
    record, other = RecordFactory.create(), RecordFactory.create()
    row = WRITERS[what](record)
    forget()
    name = "person" if what == "consent" else "record"
    setattr(row, name, other.person if what == "consent" else other)
    row.save()
    assert noted() == {record.pk, other.pk}


def test_a_withdrawal_undone_or_of_another_document_is_noted(body: ManagingBody) -> None:
    record, other = RecordFactory.create(), RecordFactory.create()
    gone = withdrawal(record)
    forget()
    gone.document = DocumentFactory.create(record=other)
    forget()
    gone.save()
    assert noted() == {record.pk, other.pk}


def test_nothing_that_is_not_counted_is_noted(body: ManagingBody) -> None:
    record = RecordFactory.create()
    forget()
    record.person.phone = "01 99 00 00 00"
    with history(professional="somebody"):
        record.person.save()
    assert noted() == set()


@pytest.mark.parametrize("past", [False, True])
def test_every_table_that_a_definition_reads_is_watched(body: ManagingBody, past: bool) -> None:
    measure = Measure((uuid.uuid4(),), OCTOBER, PARIS)
    text, _ = lines(measure.at_its_end if past else measure)
    with connection.cursor() as cursor:
        cursor.execute(WATCHED)
        watched = {table for (table,) in cursor.fetchall()}
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', text))
    assert len(read) > 10
    assert {_history_of(table, watched) for table in read} - set(UNCHANGED) <= watched


def _history_of(table: str, watched: set[str]) -> str:
    """The history of a table that may change: its triggers write it, and ours watch it."""
    return f"{table}event" if f"{table}event" in watched else table


@pytest.mark.django_db(transaction=True)
def test_rows_copied_with_every_other_trigger_off_and_a_history_mended_by_hand_are_noted(
    transactional_db: None,
) -> None:
    from jalon.db.tenant import tenant

    managing_body = ManagingBody.objects.create(name="Association Les Jalons", finess="990000002")
    with tenant(managing_body.pk):
        record = RecordFactory.create()
        HandoverNoteFactory.create(record=record, written_at=THEN)
    for statement in (
        "insert into care_handovernoteevent select (jsonb_populate_record(one, jsonb_build_object('pgh_id',"
        " (select max(pgh_id) + 1 from care_handovernoteevent)))).* from care_handovernoteevent one",
        "update care_handovernoteevent set written_at = now()",
        "delete from care_handovernoteevent",
    ):
        with tenant(managing_body.pk):
            forget()
        with superuser() as opened:
            _by_hand(opened, statement)
        with tenant(managing_body.pk):
            assert noted() == {record.pk}


def _by_hand(opened: psycopg.Connection[Any], statement: str) -> None:
    opened.execute("set session_replication_role = replica")
    opened.execute(statement)
