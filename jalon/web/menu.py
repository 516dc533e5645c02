"""The menu: eight rooms at most, in one order for everybody, then « Plus », which shows them all."""

import enum
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jalon.core.names import fold
from jalon.faces.http import Request
from jalon.staff.queries import Actor
from jalon.web.area import MENU, Area, Room, Waiting
from jalon.web.modules import is_open
from jalon.web.place import scope_of, word_of
from jalon.web.registry import area_of, areas, rooms

UNDER_A_RECORD, PEOPLE, MORE = "records", "people", "rooms"


class State(enum.Enum):
    """How a room stands for somebody: in their menu, behind « Plus », closed in the house, not for them."""

    MENU = "menu"
    OPEN = "more"
    CLOSED = "closed"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True)
class Place:
    """A room as one professional finds it from where they are looking."""

    area: Area
    room: Room
    state: State


def places(request: Request, actor: Actor) -> list[Place]:
    """Every room, in order. Of those of one's functions, the first eight are the menu."""
    found, left = [], MENU
    for area, room in rooms():
        state = _state(request, actor, area, room)
        if state is State.MENU:
            state, left = (State.MENU, left - 1) if left else (State.OPEN, 0)
        found.append(Place(area, room, state))
    return found


def _state(request: Request, actor: Actor, area: Area, room: Room) -> State:
    if not is_open(request, area, *_here(request)):
        return State.CLOSED
    if not actor.may(room.permission):
        return State.FORBIDDEN
    return State.MENU if set(actor.roles) & room.roles else State.OPEN


def _here(request: Request) -> tuple[tuple[uuid.UUID, ...], uuid.UUID | None]:
    scope = scope_of(request)
    return scope.establishment_ids, scope.unit_id


def menu(request: Request, actor: Actor) -> list[dict[str, Any]]:
    """The entries of the rail; the page that is open is told apart from the room it is in."""
    here, word = current_area(request), word_of(request)
    mine = [place for place in places(request, actor) if place.state is State.MENU]
    return [
        {
            "name": area.name,
            "label": room.said(word),
            "icon": room.icon,
            "url": room.address,
            "current": _current(request, room.url, area.name == here),
            "count": room.count(request) if room.count else 0,
        }
        for area, room in ((place.area, place.room) for place in mine)
    ]


def more(request: Request, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """« Plus »: current too when the page is of a room that the menu does not show."""
    here = current_area(request)
    inside = here == MORE or (here in _with_a_room() and here not in {entry["name"] for entry in entries})
    url = f"{MORE}:index"
    return {"current": _current(request, url, inside), "url": url}


def bar(entries: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A telephone: the day and the first room of the profession, then the people (« Plus » comes after)."""
    day, rest = entries[:1], [entry for entry in entries[1:] if entry["name"] != PEOPLE]
    people = [entry for entry in entries if entry["name"] == PEOPLE] or rest[1:2]
    return [*day, *rest[:1]], people


def current_area(request: Request) -> str:
    """The area of the page; of a page of a record, the people."""
    page = _page(request)
    if page.startswith(f"{UNDER_A_RECORD}:"):
        return PEOPLE
    area = area_of(page)
    return area.name if area else ""


def _page(request: Request) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _current(request: Request, url: str, inside: bool) -> str:
    return "page" if _page(request) == url else "true" if inside else ""


def _with_a_room() -> set[str]:
    return {area.name for area, _ in rooms()}


def gestures(request: Request, actor: Actor, words: str) -> Iterator[dict[str, str]]:
    """The rooms and the commands whose name these words begin, for the palette."""
    usable = [area for area in areas() if is_open(request, area, *_here(request))]
    named: list[Any] = [one for area in usable for one in (area.room, *area.commands) if one]
    wanted, word = fold(words).split(), word_of(request)
    for one in named:
        said = one.said(word)
        known = fold(said).split()
        if wanted and actor.may(one.permission) and all(_begins(typed, known) for typed in wanted):
            yield {"label": said, "icon": one.icon, "url": one.url}


def _begins(word: str, known: list[str]) -> bool:
    return any(one.startswith(word) for one in known)


def waiting(request: Request, actor: Actor) -> list[Waiting]:
    """What cannot wait in the rooms that are open to this professional, in the order of the menu."""
    usable = {State.MENU, State.OPEN}
    asked = [place.area.waiting for place in places(request, actor) if place.state in usable]
    return [line for ask in asked if ask for line in ask(request)]
