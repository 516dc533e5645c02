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
    event = Event(record=record, label=label.strip(), starts_at=starts_at, ends_at=ends_at, **others)
    _check(event, {"label", "ends_at", "status"})
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
        raise _no_reason()
    event = _lock(event)
    event.status, event.reason = status, reason.strip() or event.reason
    event.save()
    record_entry("agenda.status", on=event.record_id, by=by, facts={"status": status})
    return event


@transaction.atomic
def edit_event(*, event: Event, by: Professional | None, **fields: Any) -> Event:
    """Change an event.

    Raises DomainError `event_without_label`, `event_reversed` or `cancelled_without_reason`.
    """
    event = _lock(event)
    changed = {name for name, value in fields.items() if getattr(event, name) != value}
    for name in changed:
        setattr(event, name, fields[name])
    if changed:
        _check(event, changed)
        event.save()
        record_entry("agenda.edited", on=event.record_id, by=by, facts={"fields": sorted(changed)})
    return event


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",)).get(pk=event.pk)


def _check(event: Event, changed: set[str]) -> None:
    """Of what changed only: an event received without a label may still change of room."""
    if "label" in changed and not event.label.strip():
        raise DomainError(
            "L’événement n’a pas de libellé. Dites ce qui est prévu.",
            code="event_without_label",
            place="label",
        )
    if {"starts_at", "ends_at"} & changed and event.ends_at < event.starts_at:
        raise DomainError(
            "La fin est avant le début. Choisissez une heure plus tardive.",
            code="event_reversed",
            place="ends_at",
        )
    if {"status", "reason"} & changed and event.status == EventStatus.CANCELLED and not event.reason.strip():
        raise _no_reason()


def _no_reason() -> DomainError:
    return DomainError(
        "Dites pourquoi l’événement est annulé.", code="cancelled_without_reason", place="reason"
    )
