"""The rows of one import: looked up at once, made or brought up to date in memory, written class by class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from psycopg import sql

from jalon.audit.actions import record_entries
from jalon.core.errors import DomainError
from jalon.db.bulk import insert
from jalon.exchange.transfer import content as says
from jalon.exchange.transfer.bind import columns_and_short
from jalon.exchange.transfer.classes.organization import TABLE as STRUCTURE
from jalon.exchange.transfer.classes.organization import structure
from jalon.exchange.transfer.classes.role import TABLE as FUNCTION
from jalon.exchange.transfer.classes.role import role
from jalon.exchange.transfer.edits import edits, known_traits, with_what_is_silent
from jalon.exchange.transfer.holders import Holders, target_key
from jalon.exchange.transfer.kept import is_told_again, snapshot, told
from jalon.exchange.transfer.links import Name
from jalon.exchange.transfer.report import Report
from jalon.exchange.transfer.rows import Told, check, content, merge, place_of
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import ALL, OWNED, PERSON, SHARED, is_in, items_of, related
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.organizations.models import Establishment
from jalon.people.actions import STRICT
from jalon.people.models import Person
from jalon.people.queries import name_key
from jalon.records.models import Record
from jalon.staff.models import Professional

_ABOVE = ("person", "record", "plan")
"""The columns by which a row leads to whose it is."""
REPLACED = "Le fichier remplace des éléments nés ici ; l’historique garde leur version d’avant."


@dataclass
class Keeping:
    """What an import under way knows: the rows that were there, those it makes, where each one stands.

    `known`: the row of each object; `ours`: those of which there is nothing to keep. `one_by_one`: write each
    row alone, so that `writing` says which one the database refuses (under row-level security, it does not).
    """

    by: Professional | None
    one_by_one: bool = False
    writing: str = ""
    report: Report = field(default_factory=Report)
    rows: dict[Name, Any] = field(default_factory=dict)
    new: dict[str, list[Any]] = field(default_factory=dict)
    edited: dict[str, list[Any]] = field(default_factory=dict)
    known: dict[Name, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    holders: Holders = field(default_factory=Holders)
    ours: set[Name] = field(default_factory=set)
    houses: dict[str, OrganizationData] = field(default_factory=dict)
    exports: dict[Any, dict[Name, Any]] = field(default_factory=dict)

    def look_up(self, files: Sequence[transfer.Transfer], made: set[str]) -> None:
        """The rows already there: one query says which, then one a class; `made`: houses just made."""
        there = present(
            {table: [one.key for data in files for one in items_of(table, data)] for table in ALL}
        )
        for table in ALL:
            if known := [key for name, key in there if name == table.name]:
                found: Any = table.model._default_manager.filter(key__in=known)
                found = found.select_related(*related(table))
                self.rows |= {(table.name, row.key): row for row in found}
        told = (one.key for data in files for one in data.of(OrganizationData))
        finess = {key[1:] for key in told if key.startswith("1")} - made
        own = Establishment.objects.filter(finess__in=finess) if finess else ()
        self.houses = {house.idnat: structure(house.idnat, house.name, house.category) for house in own}

    def person(self, record: transfer.PersonRecord) -> Any:
        """The person of a record; one who is not in the file is only looked up."""
        if not record.known:
            return self.keep(PERSON, record.person, {})
        row = self.rows.get((PERSON.name, record.person.key))
        if row is None:
            raise DomainError(
                "La personne dont parle ce fichier n’y est pas, et n’est pas connue ici.",
                code="unknown_person",
                place=place_of(PERSON, record.person),
            )
        self.known[PERSON.type, row.key] = row
        return row

    def keep(self, table: AnyTable, item: Any, owner: dict[str, Any], folder: Record | None = None) -> Any:
        """The row of this object: made, brought up to date, or left as it is.

        `owner`: the columns that say whose it is; `folder`: the record it must be in.
        """
        row = self.rows.get((table.name, item.key))
        if row is not None:
            self._update(table, row, item, owner, folder)
        elif table in SHARED and self._is_ours(table, item):
            self.report.count("unchanged", table.name)
            self.ours.add((table.type, item.key))
        else:
            row = self._make(table, item, owner)
        self.known[table.type, item.key] = row
        if table is FUNCTION and row is not None:
            self.holders[item.key] = row.professional.key if row.professional else ""
        return row

    def _is_ours(self, table: AnyTable, item: Any) -> bool:
        """Whether a file says of a house or a role of ours what our exports say: there is nothing to keep."""
        ours: Any = None
        if table is STRUCTURE:
            ours = self.houses.get(item.key)
        if table is FUNCTION and item.practitioner and item.organization:
            professional = self._target(item.practitioner.key, "Practitioner")
            ours = role(professional, item.organization.key) if professional else None
        return ours is not None and content(item) == content(ours)

    # --- made -----------------------------------------------------------------------------------------------

    def _make(self, table: AnyTable, item: Any, owner: dict[str, Any]) -> Any:
        columns, short = columns_and_short(table, item)
        stored = told(table, item, columns)
        columns |= owner
        for ref in table.refs:
            columns[ref.column] = self._target(target_key(ref.get(item), ref.to, self.holders), ref.to)
        row: Any = table.model(key=item.key, received=stored, **columns)
        self._finish(table, row, item, short)
        self.rows[table.name, item.key] = row
        self.new.setdefault(table.name, []).append(row)
        self.report.count("created", table.name)
        return row

    def _target(self, key: str, to: str) -> Any:
        return self.known.get((to, key)) if key else None

    def _finish(self, table: AnyTable, row: Any, item: Any, short: Iterable[str]) -> None:
        if table is PERSON:
            row.name_key = name_key(row)
        for name in short:
            self._note(
                f"« {name} » est trop long pour l’écran, qui en montre le début : un export rend le tout."
            )
        check(table, row, item)
        self.places[str(row.pk)] = place_of(table, item)

    def pending(self, table: AnyTable) -> list[Any]:
        """The rows of this class that wait to be written."""
        return self.new.get(table.name, []) + self.edited.get(table.name, [])

    def write(self, tables: Iterable[AnyTable]) -> None:
        """Write the rows made or edited so far, class by class."""
        for table in tables:
            rows, edited = self.new.pop(table.name, []), self.edited.pop(table.name, [])
            if not self.one_by_one:
                insert(rows)
            for row in [*rows, *edited] if self.one_by_one else edited:
                self.writing = self.places[str(row.pk)]
                row.save()
            for action, changed in (("imported", rows), ("edited_by_import", edited)):
                if table is PERSON:
                    record_entries(f"people.{action}", on=[row.pk for row in changed], by=self.by)

    # --- brought up to date ---------------------------------------------------------------------------------

    def _update(
        self, table: AnyTable, row: Any, item: Any, owner: dict[str, Any], folder: Record | None
    ) -> None:
        _refuse_elsewhere(table, row, item, folder)
        as_told, item = item, with_what_is_silent(row, item) if table is PERSON else item
        now, short = columns_and_short(table, item)
        stored = told(table, item, now)
        moved = {name: value for name, value in owner.items() if getattr(row, name) != value}
        compared = table is PERSON or not row.received
        same = is_told_again(table, row, item, stored) or (
            compared and self._says_the_same(table, row, as_told, folder)
        )
        if same and not moved:
            self.report.count("unchanged", table.name)
            return
        columns = self._merged(table, row, item)
        self.report.edits += edits(table, row, columns, self._whose(row, owner))
        if not row._state.adding:
            self.report.was(table.name, row, snapshot(row))
        for name, value in (columns | moved).items():
            setattr(row, name, value)
        row.received = stored
        self._finish(table, row, item, short)
        self.edited.setdefault(table.name, []).append(row)
        self.report.count("changed", table.name)

    def _says_the_same(self, table: AnyTable, row: Any, item: Any, folder: Record | None) -> bool:
        """Whether a row born here would go out as this object came in."""
        if table in SHARED:
            ours = says.shared_of(table, row, self.holders)
        elif folder is None:
            # Which house sends them is not the person's own.
            ours = replace(says.person_of(row), managing_organization=item.managing_organization)
        else:
            ours = self._exported(folder).get((table.name, item.key))
        return ours is not None and content(item) == content(ours)

    def _exported(self, folder: Record) -> dict[Name, Any]:
        """What the record says today, by class and key, before this import touches it."""
        if folder.pk not in self.exports:
            record = says.content_of(folder)
            items = ((table.name, item) for table in OWNED for item in record.of(table.data))
            self.exports[folder.pk] = {(name, item.key): item for name, item in items}
        return self.exports[folder.pk]

    def _merged(self, table: AnyTable, row: Any, item: Any) -> dict[str, Any]:
        """The columns to write, by the three sides; none on our own professionals and structures."""
        now = Told.by(table, item, self.holders)
        if table in SHARED and (not row.received or getattr(row, "account_id", None)):
            return {}
        if not row.received:
            self._note(REPLACED)
        before = Told.before(table, row, self.holders)
        found = merge(table, row, item, before, now, self._locked(table, row, now))
        for ref in table.refs:
            if ref.column in found:
                found[ref.column] = self._target(found[ref.column], ref.to)
        return found

    def _locked(self, table: AnyTable, row: Any, now: Told) -> frozenset[str]:
        """Strict traits that are known here: a file does not change them, a person decides (SC.INS/va1.18).

        What is not known here yet may be completed, unless INSi or a paper vouches for the identity.
        """
        if table is not PERSON:
            return frozenset()
        vouched = bool(row.ins_digest or row.proven_on)
        held = frozenset(STRICT) if vouched else known_traits(row)
        others = {name: value for name, value in now.columns.items() if name in held}
        found = edits(table, row, others, str(row.pk))
        self.report.decisions += found
        if found and vouched:
            self._note(
                f"Les traits stricts reçus pour {row.key} diffèrent de l’identité vérifiée ici : "
                "ils sont mis de côté."
            )
        return held

    def _whose(self, row: Any, owner: dict[str, Any]) -> str:
        """The person an object is of, `""` when it is nobody's."""
        above = row if isinstance(row, Person) else next(iter(owner.values()), None)
        while above is not None and not isinstance(above, Person):
            above = next((getattr(above, name) for name in _ABOVE if hasattr(above, name)), None)
        return str(above.pk) if above is not None else ""

    def _note(self, sentence: str) -> None:
        if sentence not in self.report.notes:
            self.report.notes.append(sentence)


def _refuse_elsewhere(table: AnyTable, row: Any, item: Any, folder: Record | None) -> None:
    """A key is drawn once, for one record: a file may not reach into another."""
    if folder is not None and not is_in(table, row, folder):
        raise DomainError(
            "Cet élément appartient déjà à un autre dossier. Importez-le dans l’établissement qui l’a reçu, "
            "ou corrigez sa clé.",
            code="key_elsewhere",
            place=place_of(table, item),
        )


def present(keys: dict[AnyTable, list[str]]) -> list[Name]:
    """The class and key of the objects that have a row already."""
    wanted = {table: found for table, found in keys.items() if found}
    if not wanted:
        return []
    one = "select %s, key from {} where key = any(%s)"
    asked = [sql.SQL(one).format(sql.Identifier(table.model._meta.db_table)) for table in wanted]
    parameters = [part for table, found in wanted.items() for part in (table.name, found)]
    with connection.cursor() as cursor:
        # As text: in a request, the history reads what is asked.
        cursor.execute(sql.SQL(" union all ").join(asked).as_string(cursor.cursor), parameters)
        return cursor.fetchall()
