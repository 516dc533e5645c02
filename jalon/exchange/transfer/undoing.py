"""An import of many files taken back: what it created goes, what it changed comes back to what it was.

A person at a time, each in a transaction of its own, so that a death loses nothing. Somebody
on whose record anybody wrote since is left as they are, and it is told where. History keeps all of it.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import DO_NOTHING, Exists, ForeignObjectRel, Model, OuterRef, QuerySet
from pghistory.models import Event

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.history import history
from jalon.db.past import versions
from jalon.db.tenant import tenant
from jalon.exchange import jobs
from jalon.exchange.models import ImportPart, ImportRun, PartOutcome, ReceivedIns, VerbatimResource
from jalon.exchange.transfer.kept import put_back
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import OWNED, PERSON, SHARED, rows_of
from jalon.exchange.transfer.telling import whose_words
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Professional

WRITTEN_SINCE = (
    "Quelqu’un a écrit depuis sur ce que cet import a apporté : rien n’est retiré pour cette personne. "
    "Corrigez à l’écran ce qui doit l’être, ou retirez ce qui fut ajouté, puis annulez de nouveau."
)
Rows = dict[type[Model], set[uuid.UUID]]


@transaction.atomic
def ask_back(run: ImportRun, *, by: Professional | None) -> int:
    """Ask that an import be taken back; how many files are to be. What is taken back already stays so.

    Raises DomainError `import_under_way`, `before_unknown`, `nothing_to_undo`.
    """
    parts = run.parts.select_for_update(of=("self",))
    if parts.filter(outcome=PartOutcome.WAITING).exists():
        raise DomainError(
            "L’import n’est pas terminé : attendez sa fin, puis annulez-le.", code="import_under_way"
        )
    done = parts.filter(outcome=PartOutcome.DONE)
    if done.filter(before="").exists():
        raise DomainError(
            "Cet import fut fait par une version qui ne notait pas l’état d’avant : il ne s’annule pas. "
            "Corrigez chaque dossier à l’écran.",
            code="before_unknown",
        )
    asked = done.update(outcome=PartOutcome.UNDOING)
    if not asked and not parts.filter(outcome=PartOutcome.UNDOING).exists():
        raise DomainError("De cet import, rien n’est entré ou tout est déjà annulé.", code="nothing_to_undo")
    record_entry("exchange.import_undo_asked", on=run.pk, by=by, facts={"files": asked})
    jobs.bring_in(run.pk)
    return asked


def take_back(body: uuid.UUID, run_id: uuid.UUID) -> None:
    """Take back all that is asked to be, the last file first; those that cannot be are told."""
    while (part := _next(body, run_id)) is not None:
        kept = [fault for record in part.told["records"] if (fault := _person(body, part, record))]
        with tenant(body):
            _tell(part, kept)
    with tenant(body):
        _sweep(ImportRun.objects.get(pk=run_id))


def _next(body: uuid.UUID, run_id: uuid.UUID) -> ImportPart | None:
    with tenant(body):
        parts = ImportPart.objects.filter(run_id=run_id, outcome=PartOutcome.UNDOING)
        return parts.select_related("run__by").order_by("-rank").first()


def _tell(part: ImportPart, kept: list[dict[str, str]]) -> None:
    part.outcome = PartOutcome.DONE if kept else PartOutcome.UNDONE
    part.told = {**part.told, "kept": kept}
    part.save(update_fields=["outcome", "told"])


def _person(body: uuid.UUID, part: ImportPart, record_id: str) -> dict[str, str] | None:
    """Take back what a file brought to somebody, in one transaction; what keeps it there."""
    try:
        with tenant(body), history(undo=str(part.run_id)):
            record = Record.objects.select_related("person", "establishment").filter(pk=record_id).first()
            if record is not None:  # a later file of this import was of the same person
                Person.objects.select_for_update().get(pk=record.person_id)
                Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
                _Back(part, record).take()
    except DomainError as refusal:
        return {"path": refusal.place, "reason": refusal.message, "owner": whose_words(refusal.place)}
    return None


@dataclass
class _Back:
    """What a file brought to one record. `made`: the rows that its import created, by table; `changed`: those
    that this file changed."""

    part: ImportPart
    record: Record
    made: Rows = field(default_factory=dict)
    changed: list[tuple[AnyTable, Any]] = field(default_factory=list)

    def take(self) -> None:
        """Raises DomainError `written_since`, and nothing is taken back."""
        found = self._rows()
        self._sort(found)
        self._refuse_added()
        for _, row in self.changed:
            put_back(row, self.part.before[_name(row)][str(row.pk)])
            row.save()
        self._verbatim()
        for table in reversed(OWNED):
            _delete(table.model, self.made.get(table.model, ()))
        VerbatimResource.objects.filter(record__in=self.made.get(Record, ())).delete()
        _delete(Record, self.made.get(Record, ()))
        if people := self.made.get(Person):
            ReceivedIns.objects.filter(person__in=people).delete()
            _delete(Person, people)
        record_entry("exchange.import_undone", on=self.record.pk, by=self.part.run.by)

    def _rows(self) -> list[tuple[AnyTable | None, Any]]:
        owned = rows_of([self.record])
        each = ((table, row) for table, found in owned.items() for row in found[self.record.pk])
        return [*each, (None, self.record), (PERSON, self.record.person)]

    def _sort(self, found: Iterable[tuple[AnyTable | None, Any]]) -> None:
        by_model: dict[type[Model], list[tuple[AnyTable | None, Any]]] = {}
        for table, row in found:
            by_model.setdefault(type(row), []).append((table, row))
        for model, rows in by_model.items():
            written = _written(model, {row.pk for _, row in rows}, str(self.part.run_id))
            for table, row in rows:
                self._sort_one(table, row, written.get(row.pk, _Written()))

    def _sort_one(self, table: AnyTable | None, row: Any, written: "_Written") -> None:
        was = self.part.before.get(_name(row), {}).get(str(row.pk)) if table else None
        if (written.made or was) and written.since:
            raise _written_since(row)
        if written.made:
            self.made.setdefault(type(row), set()).add(row.pk)
        elif was and table:
            self.changed.append((table, row))

    def _refuse_added(self) -> None:
        """What hangs on a row that goes, and is not of this import, would be lost with it."""
        ours: Rows = {VerbatimResource: self._kept_whole(), **self.made}
        for model, made in self.made.items():
            for link in _links_to(model):
                if link.model is ReceivedIns:  # drawn from what was received
                    continue
                mine = ours.get(link.model, set())
                others = link.model._default_manager.filter(**{f"{link.name}__in": made})
                if other := (others.exclude(pk__in=mine) if mine else others).first():
                    raise _written_since(other)

    def _kept_whole(self) -> set[uuid.UUID]:
        """The resources that this import kept whole: in this file, or in another of the same person."""
        ours = _kept_by([self.part])
        if VerbatimResource.objects.filter(record=self.record).exclude(pk__in=ours).exists():
            return _kept_by(ImportPart.objects.filter(run=self.part.run_id).iterator())
        return ours

    def _verbatim(self) -> None:
        for pk, was in self.part.before.get("verbatim", {}).items():
            rows = VerbatimResource.objects.filter(pk=pk, record=self.record)
            if was is None:
                rows.delete()
            for row in rows:
                row.content = was
                row.save(update_fields=["content"])
        made = self.part.before.get("received_ins", {})
        ReceivedIns.objects.filter(pk__in=made, person=self.record.person_id).delete()


def _kept_by(parts: Iterable[ImportPart]) -> set[uuid.UUID]:
    told = (part.before.get("verbatim", {}) for part in parts)
    return {uuid.UUID(pk) for each in told for pk, was in each.items() if was is None}


# --- who wrote what -----------------------------------------------------------------------------------------


@dataclass
class _Written:
    """Of a row: whether an import made it; whether somebody else wrote it after that import did."""

    made: bool = False
    touched: bool = False
    since: bool = False


def _written(model: type[Model], rows: Iterable[uuid.UUID], run: str) -> dict[uuid.UUID, _Written]:
    """What history says of these rows, seen from one import."""
    events = versions(model).filter(pgh_obj_id__in=list(rows)).order_by("pgh_id")
    found: dict[uuid.UUID, _Written] = {}
    for row, label, context in events.values_list("pgh_obj_id", "pgh_label", "pgh_context"):
        one, facts = found.setdefault(row, _Written()), context or {}
        ours = run in (facts.get("run"), facts.get("undo"))
        one.made |= ours and label == "insert"
        one.since |= one.touched and not ours
        one.touched |= ours
    return found


def _written_since(row: Any) -> DomainError:
    table = next((each for each in (*OWNED, PERSON) if each.model is type(row)), None)
    place = f"{table.type}[{row.key}]" if table else str(row._meta.verbose_name)
    return DomainError(WRITTEN_SINCE, code="written_since", place=place)


def _name(row: Any) -> str:
    """The name under which a row was noted."""
    return next((table.name for table in (*OWNED, *SHARED, PERSON) if table.model is type(row)), "")


def _links_to(model: type[Model]) -> Iterator[Any]:
    """The columns that point at rows of a model, also those that it does not name; neither histories nor what
    the database draws from it, and takes away with it."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or issubclass(relation.related_model, Event):
            continue
        if relation.on_delete is not DO_NOTHING:
            yield relation.field


def _delete(model: type[Model], rows: Iterable[uuid.UUID]) -> None:
    """As one statement: what points at them was looked at, and the database has the last word."""
    if wanted := list(rows):
        model._default_manager.filter(pk__in=wanted)._raw_delete("default")


# --- what belongs to nobody ---------------------------------------------------------------------------------


def _sweep(run: ImportRun) -> None:
    """Structures, professionals and roles that the import made and that nothing names any more."""
    if run.parts.filter(outcome=PartOutcome.DONE).exists():
        return
    with history(undo=str(run.pk)):
        for table in reversed(SHARED):
            made = versions(table.model).filter(pgh_label="insert", pgh_context__run=str(run.pk))
            rows = table.model._default_manager.filter(pk__in=made.values("pgh_obj_id"))
            written = _written(table.model, rows.values_list("pk", flat=True), str(run.pk))
            _delete(table.model, [row.pk for row in _unnamed(table, rows) if not written[row.pk].since])
            _put_shared_back(table, run)


def _unnamed(table: AnyTable, rows: QuerySet[Any]) -> Iterator[Any]:
    for link in _links_to(table.model):
        named = link.model._default_manager.filter(**{link.attname: OuterRef("pk")})
        rows = rows.filter(~Exists(named))
    for row in rows:
        if not VerbatimResource.objects.filter(type=table.type, key__endswith=row.key).exists():
            yield row


def _put_shared_back(table: AnyTable, run: ImportRun) -> None:
    """What the import changed of others, unless somebody wrote since: the first file knew what it was."""
    was: dict[str, Any] = {}
    for part in run.parts.order_by("rank"):
        was = part.before.get(table.name, {}) | was
    rows = list(table.model._default_manager.filter(pk__in=was))
    written = _written(table.model, [row.pk for row in rows], str(run.pk))
    for row in rows:
        if not written[row.pk].since and not written[row.pk].made:
            put_back(row, was[str(row.pk)])
            row.save()
