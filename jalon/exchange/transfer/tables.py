"""The tables of a transfer, found in `classes`: the order their rows point at one another, whose they are."""

import pkgutil
from collections.abc import Iterable, Sequence
from functools import reduce
from graphlib import TopologicalSorter
from importlib import import_module
from typing import Any

from django.db.models import Model

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
    return table.model._meta.get_field(column).related_model


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
    return (*(ref.column for ref in table.refs), *_above(table))


def _above(table: AnyTable) -> tuple[str, ...]:
    above = "__".join(path_of(table)[:-1]) if table.owner else ""
    return (above,) if above else ()


def rows_of(table: AnyTable, folders: Sequence[Record]) -> list[list[Any]]:
    """The rows of this table in each of these records; what several point at is one object."""
    owners = {owner.pk: owner for owner in (owner_in(table, folder) for folder in folders)}
    *above, last = path_of(table)
    rows = table.model._default_manager.filter(**{"__".join((*above, last, "in")): set(owners)})
    beside = (*_above(table), *table.needs)
    if not above:  # the owner is here already
        beside = tuple(name for name in beside if name.partition("__")[0] != table.owner)
    rows = rows.select_related(*beside) if beside else rows
    held = list(rows.order_by("pk"))
    for ref in table.refs:
        _point(held, table.model._meta.get_field(ref.column))
    found: dict[Any, list[Any]] = {owner: [] for owner in owners}
    for row in held:
        holder = reduce(getattr, above, row)
        owner = owners[holder.__dict__[f"{last}_id"]]
        holder._state.fields_cache[last] = owner
        found[owner.pk].append(row)
    return [found[owner_in(table, folder).pk] for folder in folders]


def _point(rows: Sequence[Any], column: Any) -> None:
    """Look up at once what rows point at."""
    wanted = {row.__dict__[column.attname] for row in rows} - {None}
    known = column.related_model._default_manager.in_bulk(wanted) if wanted else {}
    for row in rows:
        column.set_cached_value(row, known.get(row.__dict__[column.attname]))
