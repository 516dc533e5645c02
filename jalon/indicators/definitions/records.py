"""Who counts: people supported in the time measured, and which of their records are active (S001)."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from jalon.agenda.models import Event
from jalon.care.models import HandoverNote
from jalon.db.past import as_of, by_hand
from jalon.db.probing import some
from jalon.documents.models import Document, Withdrawal
from jalon.indicators.rules import Measure
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan, PlanVersion
from jalon.records.models import Record, Stay

PARTS = (Expectation, Need, Goal, Action, Agreement)
RECORD = OuterRef("id")
"""The record that a fact is asked of."""


def supported(measure: Measure, only: Any = None) -> QuerySet[Any]:
    """Records of people supported at least one day of the time measured; `only`: of these records."""
    ended = Q(ends_on__isnull=True) | Q(ends_on__gte=measure.first_day)
    stays = as_of(Stay, measure.known_at).filter(ended, record_id=RECORD, starts_on__lte=measure.last_day)
    here = as_of(Record, measure.known_at, only).filter(establishment_id__in=measure.houses)
    return here.filter(some(stays))


def active(measure: Measure) -> Any:
    """Has the record at least one business writing by a person in that time?

    A note, an event, a plan, a document. Reading, imports, tasks and a mere identity do not count, nor does
    what was withdrawn.
    """
    written = Q(some(_notes(measure))) | Q(some(_events(measure))) | Q(some(_documents(measure)))
    return written | Q(some(_plans(measure)))


def dated_events(measure: Measure) -> QuerySet[Any]:
    """Its events whose day is in the time measured (A9: dated, not typed)."""
    rows = as_of(Event, measure.known_at).filter(record_id=RECORD)
    return rows.filter(starts_at__gte=measure.start, starts_at__lt=measure.end)


def _notes(measure: Measure) -> QuerySet[Any]:
    rows = as_of(HandoverNote, measure.known_at).filter(record_id=RECORD, withdrawn_at__isnull=True)
    return rows.filter(written_at__gte=measure.start, written_at__lt=measure.end)


def _events(measure: Measure) -> QuerySet[Any]:
    """An event that somebody is in charge of: an imported one has its own key and nobody."""
    return dated_events(measure).filter(responsible_id__isnull=False)


def _documents(measure: Measure) -> QuerySet[Any]:
    own = Document.with_withdrawn.exclude(source=Document.Source.RECEIVED).filter(record_id=RECORD)
    withdrawn = as_of(Withdrawal, measure.known_at).filter(document_id=OuterRef("pk"))
    filed = own.filter(filed_at__gte=measure.start, filed_at__lt=measure.end)
    return filed.exclude(some(withdrawn))


def _plans(measure: Measure) -> QuerySet[Any]:
    """Its plans that a professional wrote, in part or whole, or signed."""
    signed = PlanVersion.objects.filter(signed_at__gte=measure.start, signed_at__lt=measure.end)
    written = Q(some(by_hand(PersonalPlan, measure.start, measure.end).filter(pgh_obj_id=OuterRef("id"))))
    for part in PARTS:
        written |= Q(some(by_hand(part, measure.start, measure.end).filter(plan_id=OuterRef("id"))))
    written |= Q(some(signed.filter(plan_id=OuterRef("id"))))
    return as_of(PersonalPlan, measure.known_at).filter(written, record_id=RECORD)
