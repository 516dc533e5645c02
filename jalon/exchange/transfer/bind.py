"""A column and the element of a transfer it stands for.

`get` reads the element as the column holds it; `put` writes the column back. An export puts a column only
when `get` of what was received no longer gives it: an element nobody edited goes out exactly as it came.
Where an element may be repeated, the column is the first one; emptying the column removes that one only.
Where several columns share one (an address, a name, a target), it stays in its place, empty, until all are
put.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from jalon.exchange.transfer.times import parse_day, parse_moment, written_moment
from jalon.formats.tddui.values import Address, AddressLine, Coded, Link, Note, Status, Telecom
from jalon.terminology import CodeList, Coding, code_system, value_set

D = TypeVar("D", bound=Any)
NOS = "https://mos.esante.gouv.fr/NOS/"
_SHARED_PLACES = ("addresses", "names", "targets", "codes")
T = TypeVar("T")


@dataclass(frozen=True)
class Bind:
    """One column of a table and one element of a transfer; `change` writes a value that is another one."""

    column: str
    get: Callable[[Any], Any]
    change: Callable[[Any, Any], Any]

    def put(self, data: D, value: Any) -> D:
        """`data` saying `value`; the same object when it does already."""
        changed: D = data if self.get(data) == value else self.change(data, value)
        return changed


def columns_of(table: Any, data: Any) -> dict[str, Any]:
    """What the columns of a table hold of `data`."""
    return {bind.column: fit(table.model, bind.column, bind.get(data)) for bind in table.binds}


def merged(table: Any, data: D, row: Any) -> D:
    """`data` as received, with the columns that no longer say the same."""
    for bind in table.binds:
        value = getattr(row, bind.column)
        if value != fit(table.model, bind.column, bind.get(data)):
            data = bind.put(data, value)
    return _without_empty(data)


def columns_and_short(table: Any, data: Any) -> tuple[dict[str, Any], list[str]]:
    """The same, and the names of the columns that hold the beginning only."""
    columns, short = {}, []
    for bind in table.binds:
        value = bind.get(data)
        columns[bind.column] = held = fit(table.model, bind.column, value)
        if held != value:
            short.append(str(table.model._meta.get_field(bind.column).verbose_name))
    return columns, short


def fit(model: Any, column: str, value: Any) -> Any:
    """A text as its column holds it: without invisible characters, and its beginning if it is too long.

    What was received keeps all of it.
    """
    most = _room(model, column) if type(value) is str else None
    if not most:
        return value
    seen = value
    if not value.isprintable():  # what is invisible is not
        seen = "".join(each for each in value if unicodedata.category(each) != "Cf")
    return seen[: most - 1] + "…" if len(seen) > most else seen


@cache
def _room(model: Any, column: str) -> int | None:
    found: int | None = model._meta.get_field(column).max_length
    return found


def _without_empty(data: D) -> D:
    """`data` without the places that its columns emptied."""
    kept = {
        name: tuple(item for item in items if item != type(item)())
        for name in _SHARED_PLACES
        if (items := getattr(data, name, ()))
    }
    changed: dict[str, Any] = {name: items for name, items in kept.items() if items != getattr(data, name)}
    return replace(data, **changed) if changed else data


def swapped(items: tuple[T, ...], place: int | None, new: T | None) -> tuple[T, ...]:
    """`items` with the one at `place` replaced, or removed when `new` is None; without a place, added first.

    >>> swapped(("a", "b"), 1, "c"), swapped(("a", "b"), 0, None), swapped(("a",), None, "c")
    (('a', 'c'), ('b',), ('c', 'a'))
    """
    inserted = () if new is None else (new,)
    if place is None:
        return inserted + items
    return items[:place] + inserted + items[place + 1 :]


def first_place(items: Iterable[Any], wanted: Callable[[Any], bool]) -> int | None:
    """Where the first item that is `wanted` stands."""
    return next((place for place, item in enumerate(items) if wanted(item)), None)


def text(column: str, element: str = "") -> Bind:
    """A text element of the same name (or of another)."""
    name = element or column
    return Bind(
        column, lambda data: getattr(data, name) or "", lambda data, value: replace(data, **{name: value})
    )


def plain(column: str, element: str = "") -> Bind:
    """A boolean or a number, or nothing."""
    name = element or column
    return Bind(column, lambda data: getattr(data, name), lambda data, value: replace(data, **{name: value}))


# --- codes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Codes:
    """Where the codes of a column come from: lists of the house, and the system of those no list has."""

    system: str
    lists: tuple[str, ...] = ()

    def write(self, code: str, held: Coded | None) -> Coded | None:
        """A code with the label its list gives; the text of the former code goes with it."""
        if not code:
            return None
        known = next((found for name in self.lists if (found := _list(name).find(code))), None)
        if known is not None:
            return Coded(system=_address(known), code=code, display=known.display)
        return Coded(system=(held.system if held else "") or self.system, code=code)


def _list(name: str) -> CodeList:
    return code_system(name) if name.startswith("TRE_") else value_set(name)


def _address(known: Coding) -> str:
    return known.fhir_system


def code_of(held: Coded | None) -> str:
    return held.code if held else ""


def coded(column: str, element: str, codes: Codes) -> Bind:
    """A single code."""
    return Bind(
        column,
        lambda data: code_of(getattr(data, element)),
        lambda data, value: replace(data, **{element: codes.write(value, getattr(data, element))}),
    )


def first_coded(
    column: str, element: str, codes: Codes, wanted: Callable[[Coded], bool] = lambda held: True
) -> Bind:
    """The first code of a list that is `wanted`; the others stay."""

    def get(data: Any) -> str:
        return code_of(next(filter(wanted, getattr(data, element)), None))

    def change(data: Any, value: str) -> Any:
        items = getattr(data, element)
        place = first_place(items, wanted)
        held = None if place is None else items[place]
        return replace(data, **{element: swapped(items, place, codes.write(value, held))})

    return Bind(column, get, change)


CANCELLED = "ANNULE"


def status(column: str = "status") -> Bind:
    """The business status (JDV_J281). Where only FHIR's is known, the column stays empty and says nothing.

    Who set the former status, and when, says nothing of the new one; nor does the reason of a cancellation.
    """

    def change(data: Any, value: str) -> Any:
        held = data.status
        reason = held.reason if value == CANCELLED else None
        # Without a business code, the FHIR status that was received is all that is known.
        return replace(data, status=Status(code=value, fhir="" if value else held.fhir, reason=reason))

    return Bind(column, lambda data: data.status.code, change)


# --- notes and words ----------------------------------------------------------------------------------------


def note(column: str, element: str) -> Bind:
    """The text of a single note; its author and date stay."""

    def get(data: Any) -> str:
        held = getattr(data, element)
        return held.text if held else ""

    def change(data: Any, value: str) -> Any:
        held = getattr(data, element) or Note()
        return replace(data, **{element: replace(held, text=value) if value else None})

    return Bind(column, get, change)


def first_note(column: str, element: str) -> Bind:
    """The text of the first note of a list; its author and date stay."""

    def get(data: Any) -> str:
        held = getattr(data, element)
        return held[0].text if held else ""

    def change(data: Any, value: str) -> Any:
        items = getattr(data, element)
        held = items[0] if items else Note()
        new = replace(held, text=value) if value else None
        return replace(data, **{element: swapped(items, 0 if items else None, new)})

    return Bind(column, get, change)


def first_text(column: str, element: str) -> Bind:
    """The first of a list of texts."""

    def change(data: Any, value: str) -> Any:
        items = getattr(data, element)
        return replace(data, **{element: swapped(items, 0 if items else None, value or None)})

    return Bind(column, lambda data: (getattr(data, element) or ("",))[0], change)


def words(column: str, element: str) -> Bind:
    """The words of a concept. New words put out a code that had no words of its own: it said the former."""
    return Bind(
        column,
        lambda data: _said(getattr(data, element)),
        lambda data, value: replace(data, **{element: _saying(getattr(data, element), value)}),
    )


def first_words(column: str, element: str) -> Bind:
    """The words of the first concept of a list."""

    def get(data: Any) -> str:
        items = getattr(data, element)
        return _said(items[0]) if items else ""

    def change(data: Any, value: str) -> Any:
        items = getattr(data, element)
        new = _saying(items[0] if items else None, value)
        return replace(data, **{element: swapped(items, 0 if items else None, new)})

    return Bind(column, get, change)


def _said(held: Coded | None) -> str:
    return (held.text or held.display) if held else ""


def _saying(held: Coded | None, value: str) -> Coded | None:
    if not value:
        return None
    return replace(held, text=value) if held and held.text else Coded(text=value)


# --- times --------------------------------------------------------------------------------------------------


def moment(column: str, element: str, *, last: bool = False) -> Bind:
    """An instant; `last`: the end of a period."""
    return Bind(
        column,
        lambda data: parse_moment(getattr(data, element), last=last),
        lambda data, value: replace(data, **{element: written_moment(value) if value else ""}),
    )


def day(column: str, element: str, *, last: bool = False) -> Bind:
    """A day. Where a time was received, another day loses it: nobody told the time of the new one."""
    return Bind(
        column,
        lambda data: parse_day(getattr(data, element), last=last),
        lambda data, value: replace(data, **{element: value.isoformat() if value else ""}),
    )


# --- addresses and links ------------------------------------------------------------------------------------


def telecom(column: str, channel: str) -> Bind:
    """The first telecom of a channel (`phone`, `email`)."""

    def place(items: tuple[Telecom, ...]) -> int | None:
        return first_place(items, lambda held: held.channel == channel)

    def get(data: Any) -> str:
        found = place(data.telecoms)
        return "" if found is None else data.telecoms[found].value

    def change(data: Any, value: str) -> Any:
        found = place(data.telecoms)
        held = Telecom(channel=channel) if found is None else data.telecoms[found]
        new = replace(held, value=value) if value else None
        if found is None:
            return replace(data, telecoms=data.telecoms + ((new,) if new else ()))
        return replace(data, telecoms=swapped(data.telecoms, found, new))

    return Bind(column, get, change)


def first_address(column: str, part: str) -> Bind:
    """A part of the first address: `line`, `postal_code` or `city`."""

    def get(data: Any) -> str:
        held = data.addresses[0] if data.addresses else Address()
        return _one_line(held.lines) if part == "line" else str(getattr(held, part))

    def change(data: Any, value: str) -> Any:
        held = data.addresses[0] if data.addresses else Address()
        changed = {"lines": _lines(held.lines, value)} if part == "line" else {part: value}
        # The words of the whole address said the former one; so did the code of another commune.
        new = replace(held, **changed, text="", insee=None if part == "city" else held.insee)
        bare = Address(use=held.use, type=held.type, period=held.period)
        place = 0 if data.addresses else None
        return replace(data, addresses=swapped(data.addresses, place, Address() if new == bare else new))

    return Bind(column, get, change)


def _one_line(lines: tuple[AddressLine, ...]) -> str:
    return ", ".join(filter(None, map(_line, lines)))


def _line(line: AddressLine) -> str:
    return line.text or " ".join(part.value for part in line.parts)


def _lines(held: tuple[AddressLine, ...], value: str) -> tuple[AddressLine, ...]:
    """The lines of an edited text: a line that still says the same keeps its parts."""
    texts = value.split(", ")
    if not value or len(texts) != len(held) or not all(texts):
        return (AddressLine(text=value),) if value else ()
    return tuple(
        line if _line(line) == told else AddressLine(text=told)
        for line, told in zip(held, texts, strict=True)
    )


def links(column: str, element: str, to: str) -> Bind:
    """The business keys of linked objects of one type; links to other types stay."""

    def get(data: Any) -> list[str]:
        return [held.key for held in getattr(data, element) if held.to == to]

    def change(data: Any, value: list[str]) -> Any:
        held = {one.key: one for one in getattr(data, element) if one.to == to}
        others = tuple(one for one in getattr(data, element) if one.to != to)
        return replace(
            data, **{element: tuple(held.get(key, Link(to=to, key=key)) for key in value) + others}
        )

    return Bind(column, get, change)
