"""What the chosen place was told lately, as far as this professional may read it."""

import datetime as dt
import uuid
from collections.abc import Container, Iterable
from typing import Any

from jalon.care.models import Family, HandoverNote
from jalon.care.rules import relay_since
from jalon.care.told import EVERY, Relay, around, last_passage
from jalon.faces.http import Request
from jalon.records.models import RecordQuerySet
from jalon.records.sight import Sight
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission, Role
from jalon.web.place import records_here, scope_of, sight_here
from jalon.web.shown.part import Part

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
    health = health_here(request, actor) is None or _of_health(request).exists()
    return families_for(health=health)


def since_last(request: Request, now: dt.datetime) -> dt.datetime:
    """From when on the relève of this professional tells."""
    reader = request.actor.professional if request.actor else None
    return relay_since(last_passage(reader, now) if reader else None, now)


def recent(
    request: Request, actor: Actor, since: dt.datetime, *,
    part: Part | None = None, kept: str = EVERY, family: str = "",
) -> Relay:  # fmt: skip
    """What the chosen place, or this part of it, was told since, and what is important and unread.

    A role that reads health notes in one place says nothing of another place.
    """
    here = sight_here(request, Permission.READ_NOTES)
    return Relay(
        part.of(here) if part else here, reader=actor.professional, since=since,
        health=health_here(request, actor), kept=kept, family=family,
    )  # fmt: skip


def exchanges(
    request: Request, actor: Actor, found: Iterable[dict[str, Any]]
) -> dict[Any, list[dict[str, Any]]]:
    """Of these notes, the whole exchange that each is of, as far as this professional may read it."""
    return around(found, reader=actor.professional, health=health_here(request, actor))


def readable(note: HandoverNote, permissions: frozenset[Permission]) -> bool:
    """Do these permissions on its record let one read this note?"""
    needed = Permission.READ_HEALTH_NOTES if note.family == Family.HEALTH else Permission.READ_NOTES
    return needed in permissions


def may_read(request: Request, note: HandoverNote) -> bool:
    """May this professional read this very note?"""
    health = note.family == Family.HEALTH
    readable = _of_health(request) if health else records_here(request, Permission.READ_NOTES)
    return readable.filter(pk=note.record_id).exists()


def health_here(request: Request, actor: Actor) -> Sight | None:
    """What, of the chosen place, this professional reads notes of health of; None: all that they read notes
    of, which the database is then not asked note by note.
    """
    if reads_health_too(actor, scope_of(request).establishment_ids):
        return None
    return sight_here(request, Permission.READ_HEALTH_NOTES)


def reads_health_too(actor: Actor, houses: Container[uuid.UUID]) -> bool:
    """Do they read notes of health wherever, in these houses, they read notes?"""
    every, health = (
        {(place.establishment_id, place.unit_id) for place in actor.places_with(one)}
        for one in (Permission.READ_NOTES, Permission.READ_HEALTH_NOTES)
    )
    return bool(health) and {place for place in every if place[0] in houses} <= health


def _of_health(request: Request) -> RecordQuerySet:
    return records_here(request, Permission.READ_HEALTH_NOTES)
