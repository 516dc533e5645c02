"""What belongs to a person: which row it hangs on."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import Model

from jalon.core.errors import DomainError
from jalon.exchange.transfer.keeping import Keeping
from jalon.exchange.transfer.rows import place_of
from jalon.exchange.transfer.table import Parents, the_only
from jalon.exchange.transfer.tables import OWNED, AnyTable, owner_in, parent_of
from jalon.formats.tddui import PersonRecord, VerbatimResource, to_resource
from jalon.records.models import Record


@dataclass
class Belongings:
    """One person of the file, and the record their things go into.

    `loose`: what could not enter its table, to be kept whole.
    """

    keeping: Keeping
    record: PersonRecord
    folder: Record
    rows: dict[type[Model], dict[str, Any]] = field(default_factory=dict)
    loose: list[VerbatimResource] = field(default_factory=list)

    def keep(self) -> None:
        """Everything the file says of this person. Raises DomainError `part_without_plan`, and as rows do."""
        for table in OWNED:
            for item in self.record.of(table.data):
                self._keep(table, item)

    def _keep(self, table: AnyTable, item: Any) -> None:
        owner = self._owner(table, item)
        if owner is None:
            self.loose.append(self._whole(table, item))
            return
        row = self.keeping.keep(table, item, owner, self.folder)
        self.rows.setdefault(table.model, {})[item.key] = row

    def _owner(self, table: AnyTable, item: Any) -> dict[str, Any] | None:
        """The columns that say whose the row is; None when nothing in the file says it."""
        above = parent_of(table)
        if above is None:
            return {table.owner: owner_in(table, self.folder)}
        parents = self.rows.get(above.model, {})
        if table.belongs:
            return table.belongs(item, self.record, parents)
        return {table.owner: self._parent(table, item, parents)}

    def _parent(self, table: AnyTable, item: Any, parents: Parents) -> Any:
        link = getattr(item, table.owner)
        parent = parents.get(link.key if link else "") or the_only(parents)
        if parent is None:
            raise DomainError(
                "Cet élément ne dit pas à quel projet personnalisé de la personne il appartient. "
                "Joignez le projet au fichier.",
                code="part_without_plan",
                place=place_of(table, item),
            )
        return parent

    def _whole(self, table: AnyTable, item: Any) -> VerbatimResource:
        resource = to_resource(item)
        return VerbatimResource(
            type=table.type,
            profile=resource["meta"]["profile"][0].rpartition("/")[2],
            key=item.key,
            json=orjson.dumps(resource).decode(),
            owner=self.record.person.key,
        )
