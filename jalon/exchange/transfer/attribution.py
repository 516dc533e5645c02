"""Whose is what nobody's record names: every resource of a file must come out again with somebody.

A resource kept whole goes with the person it speaks of; without one, with those who share something it refers
to; else with everybody of the file. A structure, a professional or a role has its own table and goes out with
the records that name it; one that no record of the file names is *mentioned*: noted with the records it goes
out with, under its name alone.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.links import Name, named
from jalon.exchange.transfer.tables import SHARED
from jalon.formats.tddui import model as transfer

Reach = dict[str, set[Name]]
"""For each person of the file, by key, all that their record leads to."""


def attributed(
    data: transfer.Transfer, loose: Iterable[transfer.VerbatimResource], ours: Container[Name] = ()
) -> list[transfer.VerbatimResource]:
    """What is kept beside the tables, once for each person it goes with (`owner`, `""` for nobody).

    A mention has no JSON. `loose`: objects of a class with a table that could not enter it; `ours`: objects
    that exports make again by themselves.
    """
    shared = {(table.type, item.key): item for table in SHARED for item in data.of(table.data)}
    whole = [*data.verbatim, *loose]
    reach = {record.person.key: set(named(record)) for record in data.people}
    for resource in whole:
        if resource.owner:
            reach[resource.owner] |= set(named(resource))
    for names in reach.values():
        _close(names, shared)
    kept = [resource for resource in whole if resource.owner]
    for resource in (one for one in whole if not one.owner):
        kept += _for_each(resource, set(named(resource)), reach, shared)
    for name in reversed(shared):
        if name not in ours and not any(name in names for names in reach.values()):
            mention = transfer.VerbatimResource(type=name[0], profile="", key=name[1], json="")
            kept += _for_each(mention, {name, *named(shared[name])}, reach, shared)
    return kept


def _for_each(
    resource: transfer.VerbatimResource, about: set[Name], reach: Reach, shared: dict[Name, Any]
) -> list[transfer.VerbatimResource]:
    _close(about, shared)
    owners = [owner for owner, names in reach.items() if names & about] or list(reach)
    for owner in owners:
        reach[owner] |= about
    return [replace(resource, owner=owner) for owner in owners or [""]]


def _close(names: set[Name], shared: dict[Name, Any]) -> None:
    """Add what the structures, professionals and roles of `names` refer to in turn."""
    waiting = [name for name in names if name in shared]
    while waiting:
        found = set(named(shared[waiting.pop()])) - names
        names |= found
        waiting += [name for name in found if name in shared]


def is_mention(resource: transfer.VerbatimResource) -> bool:
    """Whether it is only the name of an object that has its own table."""
    return not resource.json
