"""Use cases of the agenda."""

import datetime as dt
from typing import Unpack

from django.db import transaction

from jalon.agenda.changes import EventChanges, EventDetails
from jalon.agenda.models import Event, EventStatus
from jalon.audit.actions import keep_changes, record_entry
from jalon.core.errors import DomainError
from jalon.db.changes import apply, lock
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
    **others: Unpack[EventDetails],
) -> Event:
    """Add an event to the agenda of a record."""
    event = Event(record=record, label=label.strip(), starts_at=starts_at, ends_at=ends_at)
    apply(event, others, allowed=EventDetails)
    _check(event, {"label", "ends_at", "status"})
    event.key = draw_key(record.person.key, "EVN", event.pk)
    event.save()
    record_entry("agenda.planned", on=record.pk, by=by)
    return event


@transaction.atomic
def edit_event(*, event: Event, by: Professional | None, **fields: Unpack[EventChanges]) -> Event:
    """Change an event.

    Raises DomainError `event_without_label`, `event_reversed`, `unknown_status` or
    `cancelled_without_reason`.
    """
    event = lock(event)
    changed = apply(event, fields, allowed=EventChanges)
    _check(event, changed)
    keep_changes(event, changed, "agenda.edited", on=event.record_id, by=by)
    return event


def _check(event: Event, changed: set[str]) -> None:
    """Of what changed only: an event received without a label may still change of room."""
    if "label" in changed and not event.label.strip():
        raise DomainError(
            "Rien ne dit ce qui est prévu. Écrivez-le.",
            code="event_without_label",
            place="label",
        )
    if {"starts_at", "ends_at"} & changed and event.ends_at < event.starts_at:
        raise DomainError(
            "La fin est avant le début. Choisissez une heure plus tardive.",
            code="event_reversed",
            place="ends_at",
        )
    if "status" in changed and event.status not in EventStatus.values:
        raise DomainError("Cet état n’existe pas. Choisissez-en un de la liste.", code="unknown_status")
    if {"status", "reason"} & changed and event.status == EventStatus.CANCELLED and not event.reason.strip():
        raise DomainError("Dites pourquoi c’est annulé.", code="cancelled_without_reason", place="reason")
