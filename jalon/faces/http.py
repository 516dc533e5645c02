"""The request as the middleware leaves it: who is asking, from where, on which day."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from jalon.audit.models import Access
from jalon.core.moment import Moment
from jalon.organizations.words import Word
from jalon.staff.queries import Actor

YEARS = range(1900, 2200)  # what an address may ask for: further, calendars end


@dataclass(frozen=True)
class Refusal:
    """A page or a record that was refused: traced after the request, in a transaction of its own."""

    page: str
    reason: str
    record_id: Any = None


@dataclass(frozen=True)
class Look:
    """A record that was opened: traced once the page is made, for a page that is read writes nothing.

    A message that waits is nobody's yet: `reason` names it, by its identifier.
    """

    page: str
    record_id: uuid.UUID | None
    person_id: uuid.UUID | None
    outcome: str = Access.Outcome.OPENED
    reason: str = ""


@dataclass(frozen=True)
class House:
    """An establishment where the professional works, with the names of all its units."""

    id: uuid.UUID
    name: str
    units: dict[uuid.UUID, str]


@dataclass(frozen=True)
class Scope:
    """The place chosen with the unit switcher; it narrows lists, and gives no right."""

    name: str
    establishment_name: str
    establishment_ids: tuple[uuid.UUID, ...]
    unit_id: uuid.UUID | None = None
    establishment_id: uuid.UUID | None = None
    houses: tuple[House, ...] = ()


class Request(HttpRequest):
    """What a view receives: a type only, the middleware sets these on Django's own object."""

    actor: Actor | None
    bodies: list[uuid.UUID]
    looks: list[Look]
    shown: set[uuid.UUID]
    refusals: list[Refusal]
    moment: Moment
    today: dt.date
    scope: Scope
    word: Word
    pending: dict[str, dict[uuid.UUID, int]]


def seen_from(request: Request, moment: Moment) -> None:
    """From here on, this request reads days and hours where `moment` is lived; its forms too."""
    request.moment, request.today = moment, moment.today
    timezone.activate(moment.zone)


def shows(request: Request, record_ids: Iterable[uuid.UUID]) -> None:
    """This page names the people of these records, or says something of them: its trace lists them.

    Whatever is not a page of a record says so where it makes what it shows; a test reads every page.
    """
    request.shown |= set(record_ids)


def as_uuid(text: str | None) -> uuid.UUID | None:
    """The identifier somebody sent, None when it is not one."""
    with contextlib.suppress(ValueError):
        return uuid.UUID(text or "")
    return None


def unreadable(request: HttpRequest) -> bool:
    """Does a value sent hold the character NUL, which no text has and no database takes?"""
    texts = (text for sent in (request.GET, request.POST) for _, values in sent.lists() for text in values)
    return any("\0" in text for text in texts)
