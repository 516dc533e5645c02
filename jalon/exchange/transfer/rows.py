"""One object of a transfer and its row: made, compared, brought up to date, checked against its table.

Three sides meet in a row that is known: what was told before, what is told now, what our columns say. A
column edited here keeps our value; edited on both sides, a person must look.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jalon.core.errors import DomainError
from jalon.exchange.transfer.bind import columns_of
from jalon.exchange.transfer.holders import Holders, target_key
from jalon.exchange.transfer.kept import received
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.times import can_be_kept
from jalon.formats.tddui import changes, to_resource

_NOTHING: tuple[Any, ...] = ("", None, [])
LARGEST = {models.PositiveSmallIntegerField: 32767}
_PROBES: dict[type, Any] = {
    str: "?", int: 1, bool: True, list: [], dt.date: dt.date(2000, 1, 1),
    dt.datetime: dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
}  # fmt: skip


def content(item: Any) -> dict[str, Any]:
    """The resource of an object without what surrounds it: what two objects must share to say the same."""
    return {name: part for name, part in to_resource(item).items() if name not in ("meta", "text")}


@dataclass(frozen=True)
class Told:
    """What the columns of a row are told to hold: by what was received, or by what is received now."""

    columns: dict[str, Any]
    targets: dict[str, str]

    @classmethod
    def by(cls, table: AnyTable, item: Any, holders: Holders) -> "Told":
        """By an object of a transfer."""
        targets = {ref.column: target_key(ref.get(item), ref.to, holders) for ref in table.refs}
        return cls(columns_of(table, item), targets)

    @classmethod
    def before(cls, table: AnyTable, row: Any, holders: Holders) -> "Told":
        """By what the row received; a row born here was told what it says."""
        if row.received:
            return cls.by(table, received(table, row), holders)
        columns = {bind.column: getattr(row, bind.column) for bind in table.binds}
        return cls(columns, {ref.column: _key(getattr(row, ref.column)) for ref in table.refs})


def _key(row: Any) -> str:
    return row.key if row else ""


def merge(
    table: AnyTable, row: Any, item: Any, before: Told, now: Told, locked: frozenset[str]
) -> dict[str, Any]:
    """The columns to write, with their values; a target is given by its key. A file that is silent empties
    nothing.

    Raises DomainError `edited_both_sides`.
    """
    ours = {bind.column: getattr(row, bind.column) for bind in table.binds}
    ours |= {ref.column: _key(getattr(row, ref.column)) for ref in table.refs}
    written, said = now.columns | now.targets, before.columns | before.targets
    found = {}
    for column, value in written.items():
        silent = value in _NOTHING and ours[column] not in _NOTHING
        if column in locked or silent or value in (said[column], ours[column]):
            continue
        if ours[column] != said[column]:
            raise _both_sides(table, row, item, column)
        found[column] = value
    return found


def _both_sides(table: AnyTable, row: Any, item: Any, column: str) -> DomainError:
    name = row._meta.get_field(column).verbose_name
    return DomainError(
        f"« {name} » a changé ici et dans le fichier. Choisissez à l’écran la bonne valeur, puis réimportez.",
        code="edited_both_sides",
        place=place_of(table, item, column),
    )


# --- what a table takes -------------------------------------------------------------------------------------


def check(table: AnyTable, row: Any, item: Any) -> None:
    """Raises DomainError for the first value a column cannot hold: nothing is cut, nothing is rounded."""
    for column in _bounded(table.model):
        value = row.__dict__.get(column.attname)
        for reason, code in _faults(column, value) if value else ():
            raise DomainError(reason, code=code, place=place_of(table, item, column.name))


@cache
def _bounded(model: type[models.Model]) -> tuple[Any, ...]:
    """The columns that cannot hold any value of their type."""
    bounded = (ArrayField, models.DateTimeField, *LARGEST)
    return tuple(one for one in model._meta.concrete_fields if one.max_length or isinstance(one, bounded))


def _faults(column: Any, value: Any) -> Iterator[tuple[str, str]]:
    name = column.verbose_name
    if isinstance(value, str) and column.max_length and len(value) > column.max_length:
        long = f"compte {len(value)} caractères, plus que les {column.max_length} possibles."
        yield f"« {name} » {long}", "too_long"
    if isinstance(value, list) and any(len(one) > column.base_field.max_length for one in value):
        yield f"« {name} » cite une clé de plus de {column.base_field.max_length} caractères.", "too_long"
    if type(value) is int and value > LARGEST.get(type(column), value):
        yield f"« {name} » vaut {value}, plus que les {LARGEST[type(column)]} possibles.", "too_large"
    if isinstance(value, dt.datetime) and not can_be_kept(value):
        yield f"« {name} » sort du calendrier (années 1 à 9999).", "out_of_calendar"


def place_of(table: AnyTable, item: Any, column: str = "") -> str:
    """Where an object, or the element of one of its columns, stands: `Patient[3…/77].address[0].city`."""
    here = f"{table.type}[{item.key}]"
    bind = next((one for one in table.binds if one.column == column), None)
    if column == "key":
        return f"{table.type}.identifier"
    if bind is None:
        return here
    probe = _PROBES.get(type(bind.get(item)), "?")
    found = changes(to_resource(item), to_resource(bind.put(item, probe)))
    paths = [change.path for change in found if change.after == probe] + [change.path for change in found]
    return paths[0] if paths else here
