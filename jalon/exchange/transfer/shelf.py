"""The structures, professionals and roles that exports name: each looked up once, whoever names it."""

from collections.abc import Iterable
from typing import Any

from jalon.exchange.transfer.classes.organization import TABLE as STRUCTURE
from jalon.exchange.transfer.classes.organization import structure
from jalon.exchange.transfer.classes.practitioner import TABLE as PROFESSIONAL
from jalon.exchange.transfer.classes.role import TABLE as FUNCTION
from jalon.exchange.transfer.classes.role import role
from jalon.exchange.transfer.content import shared_of
from jalon.exchange.transfer.holders import Holders
from jalon.exchange.transfer.kept import candidate
from jalon.exchange.transfer.links import Name, named
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import SHARED, related
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.organizations.models import Establishment
from jalon.staff.models import Professional

TYPES = frozenset(table.type for table in SHARED)


class Shelf:
    """What is known of them; None for what has no row here."""

    def __init__(self) -> None:
        self.items: dict[Name, Any] = {}
        self.names: dict[Name, frozenset[Name]] = {}
        self.ours: dict[str, Professional] = {}
        self.holders = Holders()

    def look_up(self, names: Iterable[Name]) -> None:
        """Know these, and those they name in turn."""
        while waiting := {name for name in names if name[0] in TYPES} - self.items.keys():
            self.items |= dict.fromkeys(waiting)
            for table in SHARED:
                if keys := sorted(key for type_, key in waiting if type_ == table.type):
                    self._look_up(table, keys)
            names = {each for name in waiting for each in self.names.get(name, ())}

    def _look_up(self, table: AnyTable, keys: list[str]) -> None:
        rows: Any = table.model._default_manager.filter(key__in=keys).select_related(*related(table))
        found = {row.key: row for row in rows}
        items = {key: self._item(table, row) for key, row in found.items()}
        if table is PROFESSIONAL:
            self.ours |= found
        if table is STRUCTURE:
            items |= _houses(key for key in keys if key not in items)
        for key, item in items.items():
            self.items[table.type, key] = item
            self.names[table.type, key] = frozenset(named(item))

    def _item(self, table: AnyTable, row: Any) -> Any:
        """What a row says, unread when nobody edited it."""
        kept = candidate(table, row)
        if kept is not None and kept.points(table, row, self.holders):
            return kept.unread
        return shared_of(table, row, self.holders)

    def closed(self, names: Iterable[Name], house: str) -> tuple[Any, ...]:
        """Those of `names` and those they name in turn; ours with their profession in `house`."""
        self.look_up(names)
        found: dict[AnyTable, dict[str, Any]] = {table: {} for table in SHARED}
        wanted, seen = set(names), set[Name]()
        while waiting := {name for name in wanted if name[0] in TYPES} - seen:
            seen |= waiting
            for role_ in self._roles(waiting, house):
                found[FUNCTION][role_.key] = role_
                wanted |= set(named(role_))
            self.look_up(wanted)
            for table in SHARED:
                found[table] |= {
                    key: item
                    for type_, key in waiting
                    if type_ == table.type and (item := self.items[type_, key]) is not None
                }
            wanted |= {each for name in waiting for each in self.names.get(name, ())}
        return tuple(items[key] for items in found.values() for key in sorted(items))

    def _roles(self, names: Iterable[Name], house: str) -> Iterable[Any]:
        """The profession in `house` of those of ours among these professionals."""
        keys = (key for type_, key in names if type_ == PROFESSIONAL.type and key in self.ours)
        return filter(None, (role(self.ours[key], house) for key in keys if house))


def _houses(keys: Iterable[str]) -> dict[str, OrganizationData]:
    """Our own establishments: they have no row among the structures."""
    finess = [key[1:] for key in keys if key.startswith("1")]
    known = Establishment.objects.filter(finess__in=finess) if finess else ()
    return {house.idnat: structure(house.idnat, house.name, house.category) for house in known}
