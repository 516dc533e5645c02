"""Counting: what happened in an establishment in a month, with the records counted and missing."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from jalon.agenda.models import Event, EventStatus
from jalon.care.models import HandoverNote
from jalon.core.period import Month
from jalon.documents.models import Document
from jalon.exchange.models import Delivery, DeliveryState
from jalon.exchange.outbox.routes import citizen_mail, dmp
from jalon.indicators.definitions import DEFINITIONS, Figure
from jalon.organizations.models import Establishment
from jalon.plans.models import PersonalPlan, PlanStatus, PlanVersion
from jalon.records.models import Record

Ids = set[uuid.UUID]
GONE = (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED)
LIVE_PLANS = (PlanStatus.PREPARATION, PlanStatus.RUNNING, PlanStatus.PAUSED)


def bounds(month: Month) -> tuple[dt.datetime, dt.datetime]:
    """The first instant of the month and of the next, in the establishment's time."""
    zone = timezone.get_current_timezone()
    start = dt.datetime.combine(month.first_day, dt.time(), tzinfo=zone)
    return start, dt.datetime.combine(month.next.first_day, dt.time(), tzinfo=zone)


def supported(establishment: Establishment, month: Month) -> QuerySet[Record]:
    """Records of people supported at least one day of the month."""
    inside = Q(stays__starts_on__lte=month.last_day) & (
        Q(stays__ends_on__isnull=True) | Q(stays__ends_on__gte=month.first_day)
    )
    return Record.objects.filter(inside, establishment=establishment).distinct()


def active(records: Ids, start: dt.datetime, end: dt.datetime) -> Ids:
    """Those with at least one business writing by a person in the month (imports and tasks excluded)."""
    here: dict[str, Any] = {"record_id__in": records}
    written = HandoverNote.objects.filter(**here, written_at__gte=start, written_at__lt=end)
    # An event counts when somebody was in charge of it: an imported one has its own key and nobody.
    held = Event.objects.filter(**here, starts_at__gte=start, starts_at__lt=end, responsible__isnull=False)
    signed = PlanVersion.objects.filter(plan__record_id__in=records, signed_at__gte=start, signed_at__lt=end)
    filed = Document.objects.filter(**here, filed_at__gte=start, filed_at__lt=end, source=Document.Source.OWN)
    found = set(written.values_list("record_id", flat=True)) | set(held.values_list("record_id", flat=True))
    return (
        found
        | set(signed.values_list("plan__record_id", flat=True))
        | set(filed.values_list("record_id", flat=True))
    )


def figures(establishment: Establishment, month: Month) -> list[Figure]:
    """The five indicators of this establishment for this month."""
    start, end = bounds(month)
    present = set(supported(establishment, month).values_list("pk", flat=True))
    alive = active(present, start, end)
    planned = _planned(alive)
    events = _with_event(alive, start, end)
    mails, mailed = _sent(present, citizen_mail.ROUTE.destination, start, end)
    _, fed = _sent(present, dmp.ROUTE.destination, start, end)
    counts = (
        (alive, present, None),
        (planned, alive, None),
        (events, alive, None),
        (mailed, present, mails),
        (fed, present, None),
    )
    return [
        _figure(definition, counted, among, number)
        for definition, (counted, among, number) in zip(DEFINITIONS, counts, strict=True)
    ]


def _figure(definition: Any, counted: Ids, among: Ids, number: int | None) -> Figure:
    counted = counted & among
    numerator = len(counted) if number is None else number
    return Figure(definition, numerator, len(among), tuple(sorted(counted)), tuple(sorted(among - counted)))


def _planned(records: Ids) -> Ids:
    return set(
        PersonalPlan.objects.filter(record_id__in=records, status__in=LIVE_PLANS).values_list(
            "record_id", flat=True
        )
    )


def _with_event(records: Ids, start: dt.datetime, end: dt.datetime) -> Ids:
    dated = Event.objects.filter(record_id__in=records, starts_at__gte=start, starts_at__lt=end)
    return set(dated.exclude(status=EventStatus.CANCELLED).values_list("record_id", flat=True))


def _sent(records: Ids, destination: str, start: dt.datetime, end: dt.datetime) -> tuple[int, Ids]:
    """How many messages left in the month, and the records they are of: I4 counts messages, I5 people."""
    gone = Delivery.objects.filter(
        document__record_id__in=records,
        destination=destination,
        state__in=GONE,
        sent_at__gte=start,
        sent_at__lt=end,
    )
    owners = list(gone.values_list("document__record_id", flat=True))
    return len(owners), set(owners)


def labels(record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of these records, for whoever may list them."""
    rows = Record.objects.filter(pk__in=record_ids).select_related("person").in_french_order()
    return {record.pk: f"{record.person.usual_first_name} {record.person.usual_name}" for record in rows}
