"""The first name of somebody who has a list of them (contact, professional)."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import Bind, swapped
from jalon.formats.tddui.values import PersonName


def first_name(column: str, part: str) -> Bind:
    """A part of the first name of somebody who has a list of them (contact, professional)."""

    def get(data: Any) -> str:
        held = data.names[0] if data.names else PersonName()
        if part == "family":
            return held.family or held.text
        return " ".join(held.given if part == "given" else held.prefix)

    def change(data: Any, value: str) -> Any:
        held = data.names[0] if data.names else PersonName()
        new: Any = value if part == "family" else _as_many(value, getattr(held, part))
        changed = replace(held, **{part: new}, text="")
        if changed == PersonName(use=held.use):
            changed = PersonName()
        return replace(data, names=swapped(data.names, 0 if data.names else None, changed))

    return Bind(column, get, change)


def _as_many(value: str, held: tuple[str, ...]) -> tuple[str, ...]:
    """As many given names as were told, when the words allow it: « Anne Lise » may be one name or two."""
    found = tuple(value.split(" "))
    if len(found) == len(held) and all(found):
        return found
    return (value,) if value else ()
