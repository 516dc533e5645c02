"""Use cases of the agenda."""

import datetime as dt
from typing import Any

from django.db import transaction

from jalon.agenda.models import Event, EventStatus
from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.keyed import draw_key
from jalon.records.models import Record
from jalon.staff.models import Professional


@transaction.atomic
def plan_event(
    *,
    record: Record,
    label: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: Professional | None,
    **others: Any,
) -> Event:
    """Add an event to the agenda of a record."""
    if not label.strip():
        raise DomainError(
            "L’événement n’a pas de libellé. Dites ce qui est prévu.", code="event_without_label"
        )
    if ends_at < starts_at:
        raise DomainError(
            "La fin est avant le début. Choisissez une heure plus tardive.", code="event_reversed"
        )
    event = Event(record=record, label=label.strip(), starts_at=starts_at, ends_at=ends_at, **others)
    event.key = draw_key(record.person.key, "EVN", event.pk)
    event.save()
    record_entry("agenda.planned", on=record.pk, by=by)
    return event


@transaction.atomic
def set_status(*, event: Event, status: str, by: Professional | None, reason: str = "") -> Event:
    """Say what became of an event; cancelling takes a reason."""
    if status not in EventStatus.values:
        raise DomainError("Cet état n’existe pas.", code="unknown_status")
    if status == EventStatus.CANCELLED and not reason.strip():
        raise DomainError("Dites pourquoi l’événement est annulé.", code="cancelled_without_reason")
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    event.status, event.reason = status, reason.strip() or event.reason
    event.save()
    record_entry("agenda.status", on=event.record_id, by=by, facts={"status": status})
    return event
