"""Who counts: people supported in the time measured, and which of their records are active (S001)."""

from typing import Any

from django.db.models import Q, QuerySet

from jalon.agenda.models import Event
from jalon.care.models import HandoverNote
from jalon.db.past import as_of, by_hand, ids
from jalon.documents.models import Document
from jalon.indicators.rules import Measure
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan, PlanVersion
from jalon.records.models import Record, Stay

PARTS = (Expectation, Need, Goal, Action, Agreement)


def supported(measure: Measure) -> QuerySet[Any]:
    """Records of people supported at least one day of the time measured."""
    ended = Q(ends_on__isnull=True) | Q(ends_on__gte=measure.first_day)
    stays = as_of(Stay, measure.known_at).filter(ended, starts_on__lte=measure.last_day)
    here = as_of(Record, measure.known_at).filter(establishment_id=measure.establishment_id)
    return here.filter(id__in=ids(stays, "record_id"))


def active(measure: Measure) -> QuerySet[Any]:
    """Of those, the records with at least one business writing by a person in that time.

    A note, an event, a plan, a document. Reading, imports, tasks and a mere identity do not count.
    """
    written = Q(id__in=_notes(measure)) | Q(id__in=_events(measure)) | Q(id__in=_documents(measure))
    planned = Q(id__in=_plans(measure)) | Q(id__in=_signed(measure))
    return supported(measure).filter(written | planned)


def dated_events(measure: Measure) -> QuerySet[Any]:
    """Events whose day is in the time measured (A9: dated, not typed)."""
    rows = as_of(Event, measure.known_at)
    return rows.filter(starts_at__gte=measure.start, starts_at__lt=measure.end)


def _notes(measure: Measure) -> QuerySet[Any]:
    rows = as_of(HandoverNote, measure.known_at)
    return ids(rows.filter(written_at__gte=measure.start, written_at__lt=measure.end), "record_id")


def _events(measure: Measure) -> QuerySet[Any]:
    """An event that somebody is in charge of: an imported one has its own key and nobody."""
    return ids(dated_events(measure).filter(responsible_id__isnull=False), "record_id")


def _documents(measure: Measure) -> QuerySet[Any]:
    own = Document.objects.exclude(source=Document.Source.RECEIVED)
    return ids(own.filter(filed_at__gte=measure.start, filed_at__lt=measure.end), "record_id")


def _signed(measure: Measure) -> QuerySet[Any]:
    rows = PlanVersion.objects.filter(signed_at__gte=measure.start, signed_at__lt=measure.end)
    return ids(rows, "plan__record_id")


def _plans(measure: Measure) -> QuerySet[Any]:
    """Records whose plan, or a part of it, a professional wrote."""
    touched = Q(id__in=ids(by_hand(PersonalPlan, measure.start, measure.end)))
    for part in PARTS:
        touched |= Q(id__in=ids(by_hand(part, measure.start, measure.end), "plan_id"))
    return ids(as_of(PersonalPlan, measure.known_at).filter(touched), "record_id")
