"""What a later file says otherwise than what is held here: told side by side, and never by its silence."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from jalon.core.identity import UNKNOWN_PLACE
from jalon.exchange.transfer.classes.person import TABLE as PERSON
from jalon.exchange.transfer.kept import received
from jalon.exchange.transfer.report import Edit
from jalon.exchange.transfer.table import AnyTable
from jalon.formats.tddui import birth_order
from jalon.formats.tddui.classes.person import PersonData
from jalon.people.actions import STRICT
from jalon.people.models import Person
from jalon.terminology import place_label

SHOWN = frozenset(("person", "contacts", "stays"))
"""The classes whose values are shown: who one is, who surrounds, when one came; no writing."""
_UNKNOWN = {"sex": "U", "birth_place": UNKNOWN_PLACE}
_ITS_OWN = frozenset(("key", "envelope", "extra", "read_from"))


def edits(table: AnyTable, row: Any, columns: dict[str, Any], person: str) -> list[Edit]:
    """The columns that a file says otherwise; `columns`: their values in the file."""
    return [
        Edit(
            table.name,
            row.key,
            person,
            str(row._meta.get_field(name).verbose_name),
            *_sides(table, row, name, value),
        )
        for name, value in columns.items()
        if getattr(row, name) != value
    ]


def _sides(table: AnyTable, row: Any, name: str, value: Any) -> tuple[str, str]:
    if table.name not in SHOWN:
        return "", ""
    return _shown(row, name, getattr(row, name)), _shown(row, name, value)


def _shown(row: Any, name: str, value: Any) -> str:
    if value in (None, "", [], _UNKNOWN.get(name)):
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y %H:%M}" if isinstance(value, dt.datetime) else f"{value:%d/%m/%Y}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "birth_place":
        return place_label(value)
    return str(dict(row._meta.get_field(name).flatchoices).get(value, value))


def known_traits(row: Person) -> frozenset[str]:
    """The strict traits that somebody gave here; a precision goes with its date."""
    known = {name for name in STRICT if getattr(row, name) not in ("", None, _UNKNOWN.get(name))}
    return frozenset(known if row.birth_date else known - {"birth_date_precision"})


def with_what_is_silent(row: Person, now: PersonData) -> PersonData:
    """The person of a file, with what was received before and that this file does not speak of.

    An order of birth that our own export drew from the matricule is not one that somebody told.
    """
    if not row.received:
        return now
    before: PersonData = received(PERSON, row)
    drawn = before.birth_order is None and now.birth_order == birth_order(before)
    said = replace(now, birth_order=None, read_from=None) if drawn else now
    silent = dict(_silences(before, said))
    return replace(said, read_from=None, **silent) if silent else said


def _silences(before: PersonData, now: PersonData) -> Iterator[tuple[str, Any]]:
    for field in fields(before):
        name, held = field.name, getattr(before, field.name)
        if name in _ITS_OWN or name.endswith("_absent"):
            continue
        if held not in (None, "", ()) and getattr(now, name) in (None, "", ()):
            yield name, held
