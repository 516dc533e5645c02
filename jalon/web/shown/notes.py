"""What the chosen place was told lately, as far as this professional may read it."""

import datetime as dt
import uuid
from collections.abc import Container
from typing import Any

from django.db.models import QuerySet

from jalon.care.models import Family, HandoverNote
from jalon.care.rules import relay_since
from jalon.care.told import around, handover, last_passage
from jalon.faces.http import Request
from jalon.records.models import RecordQuerySet
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission, Role
from jalon.web.place import records_here, scope_of

# What each profession writes most: its family is chosen before it is asked for.
USUAL = (
    ({Role.NURSE, Role.PHYSICIAN}, Family.HEALTH),
    ({Role.EDUCATOR, Role.TEAM_LEAD}, Family.EDUCATION),
    ({Role.PSYCHOLOGIST}, Family.EMOTION),
)


def usual_family(actor: Actor) -> str:
    """The family that a note of this professional most often has."""
    return next((family for roles, family in USUAL if roles & actor.roles), Family.DAILY)


def families_for(*, health: bool) -> list[tuple[str, str]]:
    """The families that somebody may write: nobody writes what they may not read again."""
    return [(code, label) for code, label in Family.choices if health or code != Family.HEALTH]


def families_read(request: Request, actor: Actor) -> list[tuple[str, str]]:
    """The families that this professional may read in the chosen place."""
    of_health = of_health_here(request, actor)
    return families_for(health=of_health is None or of_health.exists())


def since_last(request: Request, now: dt.datetime) -> dt.datetime:
    """From when on the relève of this professional tells."""
    reader = request.actor.professional if request.actor else None
    return relay_since(last_passage(reader, now) if reader else None, now)


def recent(
    request: Request, actor: Actor, since: dt.datetime, here: RecordQuerySet | None = None
) -> QuerySet[HandoverNote]:
    """What the chosen place, or these records of it, were told since, and what is important and unread.

    A role that reads health notes in one place says nothing of another place.
    """
    if here is None:
        here = records_here(request, Permission.READ_NOTES)
    health = of_health_here(request, actor)
    return handover(here.values("pk"), reader=actor.professional, since=since, of_health=health)


def exchanges(request: Request, actor: Actor, found: list[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    """Of these notes, the whole exchange that each is of, as far as this professional may read it."""
    return around(found, reader=actor.professional, of_health=of_health_here(request, actor))


def readable(note: HandoverNote, permissions: frozenset[Permission]) -> bool:
    """Do these permissions on its record let one read this note?"""
    needed = Permission.READ_HEALTH_NOTES if note.family == Family.HEALTH else Permission.READ_NOTES
    return needed in permissions


def may_read(request: Request, note: HandoverNote) -> bool:
    """May this professional read this very note?"""
    health = note.family == Family.HEALTH
    readable = _of_health(request) if health else records_here(request, Permission.READ_NOTES)
    return readable.filter(pk=note.record_id).exists()


def of_health_here(request: Request, actor: Actor) -> Any:
    """The records of the chosen place whose notes of health this professional reads; None: of all that they
    read notes of, which the database is then not asked note by note.
    """
    here = scope_of(request).establishment_ids
    if reads_health_too(actor, here):
        return None
    return _of_health(request).values("pk")


def reads_health_too(actor: Actor, houses: Container[uuid.UUID]) -> bool:
    """Do they read notes of health wherever, in these houses, they read notes?"""
    every, health = (
        {(place.establishment_id, place.unit_id) for place in actor.places_with(one)}
        for one in (Permission.READ_NOTES, Permission.READ_HEALTH_NOTES)
    )
    return bool(health) and {place for place in every if place[0] in houses} <= health


def _of_health(request: Request) -> RecordQuerySet:
    return records_here(request, Permission.READ_HEALTH_NOTES)
