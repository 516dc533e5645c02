"""What the chosen place was told lately, as far as this professional may read it."""

import datetime as dt
import uuid
from collections.abc import Collection, Container, Iterable
from typing import Any

from jalon.care.models import Family, HandoverNote
from jalon.care.queries import Narrow
from jalon.care.rules import CLASSES, OF_NOTES, families_of, relay_since
from jalon.care.told import EVERY, Relay, around, last_passage
from jalon.faces.http import Request
from jalon.records.models import RecordQuerySet
from jalon.staff.queries import Actor
from jalon.staff.rules import ContentClass, Permission, Role, classes_read, reading
from jalon.web.place import records_here, scope_of, sight_here
from jalon.web.shown.part import Part

# What each profession writes most: its family is chosen before it is asked for.
USUAL = (
    (
        {Role.NURSE, Role.PHYSICIAN, Role.OUTSIDE_PRESCRIBER, Role.PHARMACIST, Role.DIETICIAN},
        Family.HEALTH,
    ),
    ({Role.EDUCATOR, Role.TEAM_LEAD}, Family.EDUCATION),
    ({Role.PSYCHOLOGIST}, Family.PSYCHOLOGY),
)


def usual_family(actor: Actor) -> str:
    """The family that a note of this professional most often has."""
    return next((family for roles, family in USUAL if roles & actor.roles), Family.DAILY)


def families_for(permissions: Collection[Permission]) -> list[tuple[str, str]]:
    """The families that these permissions let one read, hence write: nobody writes what they may not read
    again."""
    families = families_of(classes_read(permissions))
    return [(code, label) for code, label in Family.choices if code in families]


def families_read(request: Request, actor: Actor) -> list[tuple[str, str]]:
    """The families that this professional may read in the chosen place."""
    nowhere = {
        reading(content) for content in narrow_here(request, actor) if not _of(request, content).exists()
    }
    return families_for(actor.permissions - nowhere)


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
        narrow=narrow_here(request, actor), kept=kept, family=family,
    )  # fmt: skip


def exchanges(
    request: Request, actor: Actor, found: Iterable[dict[str, Any]]
) -> dict[Any, list[dict[str, Any]]]:
    """Of these notes, the whole exchange that each is of, as far as this professional may read it."""
    return around(found, reader=actor.professional, narrow=narrow_here(request, actor))


def readable(note: HandoverNote, permissions: frozenset[Permission]) -> bool:
    """Do these permissions on its record let one read this note?"""
    return reading(CLASSES[note.family]) in permissions


def may_read(request: Request, note: HandoverNote) -> bool:
    """May this professional read this very note?"""
    return _of(request, CLASSES[note.family]).filter(pk=note.record_id).exists()


def narrow_here(request: Request, actor: Actor) -> Narrow:
    """The classes that this professional does not read wherever, in the chosen place, they read notes, each
    with where they do; of the others the database is not asked note by note.
    """
    narrow = narrow_classes(actor, scope_of(request).establishment_ids)
    return {content: sight_here(request, reading(content)) for content in narrow}


def narrow_classes(actor: Actor, houses: Container[uuid.UUID]) -> list[ContentClass]:
    """The classes of notes that they do not read wherever, in these houses, they read notes."""
    every = {place for place in _places(actor, Permission.READ_NOTES) if place[0] in houses}
    read = {content: _places(actor, reading(content)) for content in OF_NOTES}
    return [content for content, places in read.items() if not places or every - places]


def _places(actor: Actor, permission: Permission) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    return {(place.establishment_id, place.unit_id) for place in actor.places_with(permission)}


def _of(request: Request, content: ContentClass) -> RecordQuerySet:
    return records_here(request, reading(content))
