"""A long list, a page at a time: nothing is out of reach, where one is in it is said, and the way on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jalon.db.inorder import InTurn, beyond, keys_of
from jalon.faces.http import Request

SIZE = 50
MOST = 1_000  # rows that are counted of what a search finds: beyond, « plus de » is said
_ASKED = re.compile(r"(\d{1,9})(?:-(apres|avant)-([0-9a-f-]{1,36}))?", re.ASCII)
Rows = QuerySet[Any] | InTurn | Sequence[Any]


@dataclass(frozen=True)
class Leaf:
    """A page of a list: its rows, the ranks of the first and the last, how many there are in all.

    `more`: there are more than `total`. `former`, `following`: the addresses of its neighbors, "" where
    there is none; each says after or before which row it is, so that a page costs the same wherever it is.
    """

    rows: list[Any]
    first: int
    last: int
    total: int
    former: str = ""
    following: str = ""
    more: bool = False


@dataclass(frozen=True)
class Place:
    """Where an address is in a list: the number of the page, and the row that it follows or goes before."""

    number: int
    key: str = ""
    back: bool = False


def leaf(
    request: Request, rows: Rows, name: str = "page", size: int = SIZE, total: int | None = None
) -> Leaf:
    """The page that the address asks for under `name`; the nearest one when it asks for none that exists.

    `total`: how many rows there are, when that is known; what a first page holds whole is not counted apart.
    """
    place = _place(request.GET.get(name, ""))
    found, number = _found(rows, place, size), place.number
    if total is None:
        total = len(found) if number == 1 and len(found) <= size else _count(rows)
    if total and not found:
        number = -(-total // size)
        found = _read(rows, number, size)
    shown, before = found[:size], (number - 1) * size if found else 0
    return Leaf(
        rows=shown,
        first=before + 1 if found else 0,
        last=before + len(shown),
        total=min(total, MOST) if isinstance(rows, InTurn) else total,
        former=with_asked(request, **{name: _address(rows, number - 1, shown[0], "avant")}) if before else "",
        following=with_asked(request, **{name: _address(rows, number + 1, shown[-1], "apres")})
        if len(found) > size
        else "",
        more=isinstance(rows, InTurn) and total > MOST,
    )


def _place(asked: str) -> Place:
    """The page of that number, 0 for what is below the first, the first for what is no number."""
    said = _ASKED.fullmatch(asked)
    if not said:
        return Place(0 if asked.lstrip("-").isdecimal() else 1)
    number, way, key = int(said[1]), said[2], said[3]
    return Place(number, key, way == "avant") if key and number > 1 else Place(number)


def _found(rows: Rows, place: Place, size: int) -> list[Any]:
    """The rows of this page, and one more when others follow."""
    if place.key and not isinstance(rows, Sequence):
        found = beyond(rows, place.key, size + (not place.back), back=place.back)
        if found and not place.back:
            return found
        if found and len(found) == size:
            return found + (beyond(rows, found[-1].pk, 1) or [])
    return _read(rows, place.number, size) if place.number else []


def _read(rows: Rows, number: int, size: int) -> list[Any]:
    start, stop = (number - 1) * size, number * size + 1
    return rows.read(start, stop) if isinstance(rows, InTurn) else list(rows[start:stop])


def _address(rows: Rows, number: int, edge: Any, way: str) -> str:
    """The page of this number: which row it follows, or goes before, when that tells where it is."""
    known = isinstance(rows, InTurn) or (isinstance(rows, QuerySet) and keys_of(rows))
    return f"{number}-{way}-{edge.pk}" if number > 1 and known and hasattr(edge, "pk") else str(number)


def _count(rows: Rows) -> int:
    if isinstance(rows, InTurn):
        return rows.count_up_to(MOST)
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def with_asked(request: Request, **changes: str) -> str:
    """The address of this page with these words of its query changed; those made "" are left out."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"?{asked.urlencode()}"
