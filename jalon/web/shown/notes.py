"""What the chosen place was told lately, as far as this professional may read it."""

import datetime as dt
from typing import Any

from jalon.care.models import Family, HandoverNote
from jalon.care.queries import handover
from jalon.faces.http import Request
from jalon.records.models import RecordQuerySet
from jalon.staff.rules import Permission
from jalon.web.place import records_here

SINCE = dt.timedelta(hours=24)


def recent(request: Request, now: dt.datetime) -> list[dict[str, Any]]:
    """Notes of the last day. A role that reads health notes in one place says nothing of another place."""
    actor = request.actor
    if actor is None or not actor.may(Permission.READ_NOTES):
        return []
    here = records_here(request, Permission.READ_NOTES)
    may = actor.may(Permission.READ_HEALTH_NOTES)
    notes = handover(here.values("pk"), reader=actor.professional, since=now - SINCE, health=may)
    if not any(note["family"] == Family.HEALTH for note in notes):
        return notes
    health = set(_of_health(request).values_list("pk", flat=True))
    return [note for note in notes if note["family"] != Family.HEALTH or note["record_id"] in health]


def may_read(request: Request, note: HandoverNote) -> bool:
    """May this professional read this very note?"""
    health = note.family == Family.HEALTH
    readable = _of_health(request) if health else records_here(request, Permission.READ_NOTES)
    return readable.filter(pk=note.record_id).exists()


def _of_health(request: Request) -> RecordQuerySet:
    return records_here(request, Permission.READ_HEALTH_NOTES)
