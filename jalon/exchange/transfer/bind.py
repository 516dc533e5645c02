"""A column and the element of a transfer it stands for.

`get` reads the element as the column holds it; `put` writes the column back. An export puts a column only
when `get` of what was received no longer gives it: an element nobody edited goes out exactly as it came.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from jalon.formats.tddui.values import Address, AddressLine, Coded, Coding, Link, Note, Telecom

D = TypeVar("D")
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Bind:
    """One column of a table and one element of a transfer."""

    column: str
    get: Callable[[Any], Any]
    put: Callable[[Any, Any], Any]


def columns_of(binds: tuple[Bind, ...], data: Any) -> dict[str, Any]:
    """What the columns hold of `data`."""
    return {bind.column: bind.get(data) for bind in binds}


def merged(binds: tuple[Bind, ...], data: D, row: Any) -> D:
    """`data` as received, with the columns that no longer say the same."""
    for bind in binds:
        value = getattr(row, bind.column)
        if bind.get(data) != value:
            data = bind.put(data, value)
    return data


def text(column: str, element: str = "") -> Bind:
    """A text element of the same name (or of another)."""
    name = element or column
    return Bind(
        column, lambda data: getattr(data, name) or "", lambda data, value: replace(data, **{name: value})
    )


def flag(column: str, element: str = "") -> Bind:
    """An optional boolean."""
    name = element or column
    return Bind(column, lambda data: getattr(data, name), lambda data, value: replace(data, **{name: value}))


# --- codes --------------------------------------------------------------------------------------------------


def coded(column: str, element: str, system: str, label: Callable[[str], str] = lambda code: "") -> Bind:
    """A single code; another code takes its label from the terminology, and loses the former's text."""

    def put(data: Any, value: str) -> Any:
        new = Coded(system=system, code=value, display=label(value)) if value else None
        return replace(data, **{element: new})

    return Bind(column, lambda data: code_of(getattr(data, element)), put)


def first_coded(column: str, element: str, system: Callable[[str], str], label: Callable[[str], str]) -> Bind:
    """The first code of a list; the others stay."""

    def put(data: Any, value: str) -> Any:
        others = getattr(data, element)[1:]
        new = (Coded(system=system(value), code=value, display=label(value)),) if value else ()
        return replace(data, **{element: new + others})

    def get(data: Any) -> str:
        held = getattr(data, element)
        return code_of(held[0]) if held else ""

    return Bind(column, get, put)


def code_of(held: Coded | Coding | None) -> str:
    return held.code if held else ""


# --- notes --------------------------------------------------------------------------------------------------


def note(column: str, element: str) -> Bind:
    """The text of a single note; its author and date stay."""

    def put(data: Any, value: str) -> Any:
        held = getattr(data, element)
        new = replace(held or Note(), text=value) if value else None
        return replace(data, **{element: new})

    def get(data: Any) -> str:
        held = getattr(data, element)
        return held.text if held else ""

    return Bind(column, get, put)


def first_note(column: str, element: str) -> Bind:
    """The text of the first note of a list."""

    def put(data: Any, value: str) -> Any:
        held = getattr(data, element)
        first = (replace(held[0] if held else Note(), text=value),) if value else ()
        return replace(data, **{element: first + held[1:]})

    def get(data: Any) -> str:
        held = getattr(data, element)
        return held[0].text if held else ""

    return Bind(column, get, put)


def first_text(column: str, element: str) -> Bind:
    """The first of a list of texts."""

    def put(data: Any, value: str) -> Any:
        held = getattr(data, element)
        return replace(data, **{element: ((value,) if value else ()) + held[1:]})

    return Bind(column, lambda data: (getattr(data, element) or ("",))[0], put)


def described(column: str, element: str = "description") -> Bind:
    """The words of a CodeableConcept."""

    def put(data: Any, value: str) -> Any:
        held = getattr(data, element) or Coded()
        return replace(data, **{element: replace(held, text=value)})

    def get(data: Any) -> str:
        held = getattr(data, element)
        return (held.text or held.display) if held else ""

    return Bind(column, get, put)


# --- times --------------------------------------------------------------------------------------------------


def parse_moment(moment: str) -> dt.datetime | None:
    """A FHIR dateTime as an instant; a date is its midnight in Paris, a month or a year its first day."""
    if not moment:
        return None
    if "T" in moment:
        return dt.datetime.fromisoformat(moment.replace("Z", "+00:00"))
    year, month, day = ([int(part) for part in moment.split("-")] + [1, 1])[:3]
    return dt.datetime(year, month, day, tzinfo=PARIS)


def parse_day(moment: str) -> dt.date | None:
    """The day of a FHIR date or dateTime, as its writer saw it."""
    if not moment:
        return None
    year, month, day = ([int(part) for part in moment[:10].split("-")] + [1, 1])[:3]
    return dt.date(year, month, day)


def written_moment(instant: dt.datetime) -> str:
    """An instant as FHIR writes it, in Paris time, to the second."""
    return instant.astimezone(PARIS).isoformat(timespec="seconds")


def moment(column: str, element: str) -> Bind:
    """An instant."""
    return Bind(
        column,
        lambda data: parse_moment(getattr(data, element)),
        lambda data, value: replace(data, **{element: written_moment(value) if value else ""}),
    )


def day(column: str, element: str) -> Bind:
    """A day. Where a time was received, another day loses it: nobody told the time of the new one."""
    return Bind(
        column,
        lambda data: parse_day(getattr(data, element)),
        lambda data, value: replace(data, **{element: value.isoformat() if value else ""}),
    )


# --- addresses and links ------------------------------------------------------------------------------------


def telecom(column: str, channel: str) -> Bind:
    """The first telecom of a channel (`phone`, `email`)."""

    def get(data: Any) -> str:
        return next((held.value for held in data.telecoms if held.channel == channel), "")

    def put(data: Any, value: str) -> Any:
        held = list(data.telecoms)
        rank = next((index for index, one in enumerate(held) if one.channel == channel), None)
        if rank is None:
            held.append(Telecom(channel=channel, value=value))
        elif value:
            held[rank] = replace(held[rank], value=value)
        else:
            del held[rank]
        return replace(data, telecoms=tuple(held))

    return Bind(column, get, put)


def first_address(column: str, part: str) -> Bind:
    """A part of the first address: `line`, `postal_code` or `city`."""

    def get(data: Any) -> str:
        held = data.addresses[0] if data.addresses else Address()
        if part == "line":
            return ", ".join(_line(line) for line in held.lines)
        return str(getattr(held, part))

    def put(data: Any, value: str) -> Any:
        held = data.addresses[0] if data.addresses else Address()
        changed = {"lines": (AddressLine(text=value),) if value else ()} if part == "line" else {part: value}
        new = replace(held, **changed)
        kept = () if new == Address() else (new,)
        return replace(data, addresses=kept + data.addresses[1:])

    return Bind(column, get, put)


def _line(line: AddressLine) -> str:
    return line.text or " ".join(part.value for part in line.parts)


def link(column: str, element: str, to: str) -> Bind:
    """The business key of a linked object; the column is a property giving the key of the related row."""

    def put(data: Any, value: str) -> Any:
        return replace(data, **{element: Link(to=to, key=value) if value else None})

    def get(data: Any) -> str:
        held = getattr(data, element)
        return held.key if held and held.to == to else ""

    return Bind(column, get, put)


def links(column: str, element: str, to: str) -> Bind:
    """The business keys of linked objects of one type; links to other types stay."""

    def get(data: Any) -> list[str]:
        return [held.key for held in getattr(data, element) if held.to == to]

    def put(data: Any, value: list[str]) -> Any:
        held = {one.key: one for one in getattr(data, element) if one.to == to}
        others = tuple(one for one in getattr(data, element) if one.to != to)
        return replace(
            data, **{element: tuple(held.get(key, Link(to=to, key=key)) for key in value) + others}
        )

    return Bind(column, get, put)
