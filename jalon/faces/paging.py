"""A long list, a page at a time: nothing of it is out of reach, and where one is in it is said."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from jalon.faces.http import Request

SIZE = 50


@dataclass(frozen=True)
class Leaf:
    """A page of a list and the addresses of its neighbors, "" where there is none."""

    rows: list[Any]
    number: int
    last: int
    total: int
    former: str
    following: str


def leaf(request: Request, rows: QuerySet[Any], name: str = "page", size: int = SIZE) -> Leaf:
    """The page that the address asks for under `name`; the nearest one when it asks for none that exists."""
    page: Page[Any] = Paginator(rows, size).get_page(request.GET.get(name))

    def address(number: int) -> str:
        asked = request.GET.copy()
        asked[name] = str(number)
        return f"?{asked.urlencode()}"

    return Leaf(
        rows=list(page),
        number=page.number,
        last=page.paginator.num_pages,
        total=page.paginator.count,
        former=address(page.number - 1) if page.has_previous() else "",
        following=address(page.number + 1) if page.has_next() else "",
    )
