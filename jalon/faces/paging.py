"""A long list, a page at a time: nothing is out of reach, where one is in it is said, and the way on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jalon.faces.http import Request

SIZE = 50


@dataclass(frozen=True)
class Leaf:
    """A page of a list: its rows, the ranks of the first and the last, how many there are in all.

    `former`, `following`: the addresses of its neighbors, "" where there is none.
    """

    rows: list[Any]
    first: int
    last: int
    total: int
    former: str = ""
    following: str = ""


def leaf(
    request: Request,
    rows: "QuerySet[Any] | Sequence[Any]",
    name: str = "page",
    size: int = SIZE,
    total: int | None = None,
) -> Leaf:
    """The page that the address asks for under `name`; the nearest one when it asks for none that exists.

    `total`: how many rows there are, when that is known; what a first page holds whole is not counted apart.
    """
    number = _number(request.GET.get(name, ""))
    found = list(rows[(number - 1) * size : number * size + 1]) if number else []
    if total is None:
        total = len(found) if number == 1 and len(found) <= size else _count(rows)
    if total and not found:
        number = -(-total // size)
        found = list(rows[(number - 1) * size :])
    before = (number - 1) * size if found else 0
    return Leaf(
        rows=found[:size],
        first=before + 1 if found else 0,
        last=before + len(found[:size]),
        total=total,
        former=with_asked(request, **{name: str(number - 1)}) if before else "",
        following=with_asked(request, **{name: str(number + 1)}) if len(found) > size else "",
    )


def _number(asked: str) -> int:
    """The page of that number; 0 for what is below the first, the first for what is no number."""
    try:
        return max(0, int(asked or 1)) if len(asked) < 10 else 0
    except ValueError:
        return 1


def _count(rows: "QuerySet[Any] | Sequence[Any]") -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def with_asked(request: Request, **changes: str) -> str:
    """The address of this page with these words of its query changed; those made "" are left out."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"?{asked.urlencode()}"
