"""Whose is what nobody's record names: every resource of a file must come out again with somebody.

A resource kept whole goes with the person it speaks of; without one, with those who share something it refers
to; else with everybody of the file. A structure, a professional or a role has its own table and goes out with
the records that name it; one that no record of the file names is *mentioned*: noted, once a file, with the
first record that shares something with it, under its name alone. Noted with each, the rows of a file would
grow as its people times its roles.
"""

from collections.abc import Container, Iterable, Iterator
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

    A mention has no JSON, and one owner. `loose`: objects of a class with a table that could not enter it;
    `ours`: objects that exports make again by themselves.
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
    return [*kept, *_mentions(shared, reach, ours)]


def _mentions(
    shared: dict[Name, Any], reach: Reach, ours: Container[Name]
) -> Iterator[transfer.VerbatimResource]:
    ranks = {owner: rank for rank, owner in enumerate(reach)}
    first: dict[Name, str] = {}
    for owner, names in reach.items():
        first |= dict.fromkeys(names - first.keys(), owner)
    for name in reversed(shared):
        if name not in ours and name not in first:
            about = {name, *named(shared[name])}
            _close(about, shared)
            owners = (first[one] for one in about if one in first)
            owner = min(owners, key=ranks.__getitem__, default=next(iter(reach), ""))
            first |= dict.fromkeys(about - first.keys(), owner)
            yield transfer.VerbatimResource(type=name[0], profile="", key=name[1], json="", owner=owner)


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
