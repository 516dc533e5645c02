"""The tables of a transfer, found in `classes`: the order their rows point at one another, whose they are."""

import pkgutil
from collections.abc import Iterable, Sequence
from functools import reduce
from graphlib import TopologicalSorter
from importlib import import_module
from typing import Any

from django.db.models import Model

from jalon.db.many import many
from jalon.exchange.transfer import classes
from jalon.exchange.transfer.classes.person import TABLE as PERSON
from jalon.exchange.transfer.table import AnyTable
from jalon.formats.tddui import Transfer
from jalon.formats.tddui.catalog import indexed
from jalon.people.models import Person
from jalon.records.models import Record


def _found() -> list[AnyTable]:
    names = (module.name for module in pkgutil.iter_modules(classes.__path__))
    return [import_module(f"{classes.__name__}.{name}").TABLE for name in names]


def _target(table: AnyTable, column: str) -> Any:
    """The model a column of a table points at."""
    return _column(table, column).related_model


def _column(table: AnyTable, name: str) -> Any:
    return table.model._meta.get_field(name)


def in_order(tables: Iterable[AnyTable]) -> tuple[AnyTable, ...]:
    """Tables after those their rows point at.

    Raises CycleError when some point at one another, ValueError when two are of one model.
    """
    by_model = indexed((table.model, table) for table in tables)
    pointed = {
        table: {
            by_model[target]
            for column in (*filter(None, (table.owner,)), *(ref.column for ref in table.refs))
            if (target := _target(table, column)) in by_model
        }
        for table in by_model.values()
    }
    sorter = TopologicalSorter(pointed)
    sorter.prepare()
    found: list[AnyTable] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda table: (table.kind.rank, table.name))
        sorter.done(*ready)
        found += ready
    return tuple(found)


ALL = in_order(_found())
SHARED = tuple(table for table in ALL if table.kind.shared)
"""What belongs to nobody."""
OWNED = tuple(table for table in ALL if table.owner)
"""What belongs to a person."""
BY_MODEL: dict[type[Model], AnyTable] = indexed((table.model, table) for table in ALL)
_OWNERS = frozenset(_target(table, table.owner) for table in OWNED)


def items_of(table: AnyTable, data: Transfer) -> Iterable[Any]:
    """Every object of this class in a transfer."""
    if table.kind.shared:
        return data.of(table.data)
    if table is PERSON:
        return (record.person for record in data.people)
    return (item for record in data.people for item in record.of(table.data))


# --- whose it is --------------------------------------------------------------------------------------------


def parent_of(table: AnyTable) -> AnyTable | None:
    """The table of what owns its rows, when that is owned in turn; None: a person or a record does."""
    above = BY_MODEL.get(_target(table, table.owner))
    return above if above is not None and above.owner else None


def path_of(table: AnyTable) -> tuple[str, ...]:
    """The columns that lead from a row to its record, or to its person: `("plan", "record")`."""
    above = parent_of(table)
    return (table.owner, *(path_of(above) if above else ()))


def owner_in(table: AnyTable, folder: Record) -> Any:
    """What rows of this table belong to in the end: a record, or its person."""
    if above := parent_of(table):
        return owner_in(above, folder)
    return folder.person if _target(table, table.owner) is Person else folder


def is_in(table: AnyTable, row: Any, folder: Record) -> bool:
    """Whether a row is of this record."""
    *steps, last = path_of(table)
    found: bool = getattr(reduce(getattr, steps, row), f"{last}_id") == owner_in(table, folder).pk
    return found


def related(table: AnyTable) -> tuple[str, ...]:
    """The rows to read with each row: those it points at, and what leads to its record."""
    above = "__".join(path_of(table)[:-1]) if table.owner else ""
    return (*(ref.column for ref in table.refs), *filter(None, (above,)))


Owned = dict[AnyTable, dict[Any, list[Any]]]
"""For each table, the rows of each record, by its identifier."""


def rows_of(folders: Sequence[Record]) -> Owned:
    """All that belongs to these records, a question a table; what several rows point at is one object."""
    known: dict[Any, dict[Any, Any]] = {
        Record: {folder.pk: folder for folder in folders},
        Person: {folder.person_id: folder.person for folder in folders},
    }
    whose: dict[Any, Any] = {pk: pk for held in known.values() for pk in held}
    found: Owned = {}
    for table in OWNED:
        owner, *pointing = (
            _column(table, name) for name in (table.owner, *(ref.column for ref in table.refs))
        )
        rows = many(table.model._default_manager.filter(**{f"{table.owner}__in": known[owner.related_model]}))
        for column in (owner, *pointing):
            _point(rows, column, known.get(column.related_model))
        groups = _by_owner(rows, owner.attname, whose)
        found[table] = {folder.pk: groups.get(owner_in(table, folder).pk, []) for folder in folders}
        if table.model in _OWNERS:
            known[table.model] = {row.pk: row for row in rows}
            whose |= {row.pk: pk for pk, held in groups.items() for row in held}
    return found


def _by_owner(rows: Iterable[Any], column: str, whose: dict[Any, Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(whose[row.__dict__[column]], []).append(row)
    return groups


def _point(rows: Sequence[Any], column: Any, known: dict[Any, Any] | None) -> None:
    """Let rows point at what they point at: looked up at once, unless it is `known`."""
    name, key = column.name, column.attname
    if known is None:
        wanted = {row.__dict__[key] for row in rows} - {None}
        found = many(column.related_model._default_manager.filter(pk__in=wanted)) if wanted else ()
        known = {each.pk: each for each in found}
    for row in rows:
        row._state.fields_cache[name] = known.get(row.__dict__[key])
