"""Long lists read from a row of theirs on, whatever their length; and lists that follow one another.

`OFFSET` reads all that it leaves out: the last page of a list of 100 000 costs the whole of it. The row that
a page ends by tells where the next begins, in the very order of the list, which an index follows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet


def beyond(rows: "QuerySet[Any] | InTurn", place: Any, count: int, *, back: bool = False) -> list[Any] | None:
    """So many rows after the one of this key, or before it; None when nothing tells where it is."""
    if isinstance(rows, InTurn):
        return rows.beyond(place, count, back=back)
    keys = keys_of(rows)
    values = _values(rows, keys, place) if keys else None
    if values is None:
        return None
    past = rows.filter(_past([*zip(keys, values, strict=True)], back=back))
    return list(past[:count]) if not back else list(past.reverse()[:count])[::-1]


def keys_of(rows: "QuerySet[Any]") -> tuple[str, ...]:
    """What the rows are sorted by, when it tells any two apart and is always there; nothing otherwise."""
    keys = tuple(key for key in rows.query.order_by if isinstance(key, str))
    told = [key.lstrip("-") for key in keys if _is_always_there(rows.model, key.lstrip("-"))]
    return keys if len(told) == len(rows.query.order_by) and told[-1:] in (["pk"], ["id"]) else ()


def _is_always_there(model: type[Model], path: str) -> bool:
    """A column that is never null, through relations that always lead somewhere."""
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if field is None or field.null:
            return False
        model = field.related_model or model
    return True


def _values(rows: "QuerySet[Any]", keys: tuple[str, ...], place: Any) -> tuple[Any, ...] | None:
    try:
        known = rows.filter(pk=place)
    except (ValueError, ValidationError):  # a key written by hand in the address
        return None
    return known.values_list(*(key.lstrip("-") for key in keys)).first()


def _past(order: list[tuple[str, Any]], *, back: bool) -> Q:
    """Later in the order than these values: by the first key or, where it is equal, by those that follow."""
    (key, value), *others = order
    name, descending = key.lstrip("-"), key.startswith("-")
    sign = "lt" if descending != back else "gt"
    if not others:
        return Q(**{f"{name}__{sign}": value})
    # The first condition is what an index begins at.
    return Q(**{f"{name}__{sign}e": value}) & (Q(**{f"{name}__{sign}": value}) | _past(others, back=back))


@dataclass(frozen=True)
class InTurn:
    """Lists that follow one another: the second is read when the first has no more. No row is in two."""

    parts: "tuple[QuerySet[Any], ...]" = ()

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self.parts)

    def read(self, start: int, stop: int) -> list[Any]:
        """Rows of these ranks."""
        rows: list[Any] = []
        for part in self.parts:
            found = list(part.all()[start:stop])
            rows += found
            if len(found) == stop - start:
                break
            size = start + len(found) if found or not start else part.count()
            start, stop = max(0, start - size), stop - size
        return rows

    def beyond(self, place: Any, count: int, *, back: bool = False) -> list[Any] | None:
        """So many rows after the one of this key, or before it; None when it is in none of the lists."""
        parts = self.parts[::-1] if back else self.parts
        for rank, part in enumerate(parts, start=1):
            rows = beyond(part, place, count, back=back)
            if rows is not None:
                for other in parts[rank:]:
                    rows = _joined(rows, other, count, back=back)
                return rows
        return None

    def count_up_to(self, most: int) -> int:
        """How many rows there are; when they are more than `most`, one more than that."""
        total = 0
        for part in self.parts:
            total += part.all()[: most + 1 - total].count()
        return total


def _joined(rows: list[Any], part: "QuerySet[Any]", count: int, *, back: bool) -> list[Any]:
    """These rows, with those of the next list that lack."""
    part, lacking = part.all(), count - len(rows)
    if not lacking:
        return rows
    return [*list(part.reverse()[:lacking])[::-1], *rows] if back else [*rows, *part[:lacking]]
