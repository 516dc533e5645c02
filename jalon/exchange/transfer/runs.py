"""Many files brought in by the worker: asked, gone on with, taken up again where a death left them.

Each file enters on its own, whole or not at all, and its outcome is written in the transaction that brings it
in: whatever dies, and when, a file is never brought in by halves nor forgotten.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.core.memory import without_collecting
from jalon.db.bulk import insert
from jalon.db.tenant import tenant
from jalon.documents.storage import load, store
from jalon.exchange import jobs
from jalon.exchange.models import ImportPart, ImportRun, PartOutcome
from jalon.exchange.transfer.importer import AT_ONCE, import_together
from jalon.exchange.transfer.letter import How
from jalon.exchange.transfer.telling import counted, faults
from jalon.formats.tddui import Transfer, read
from jalon.staff.models import Professional

UNDER_WAY = (PartOutcome.WAITING, PartOutcome.UNDOING)
Content = tuple[ImportPart, Transfer, bytes]


@transaction.atomic
def ask(
    files: Iterable[tuple[str, bytes]],
    *,
    by: Professional | None,
    now: dt.datetime,
    house: str = "",
    into: Collection[uuid.UUID] | None = None,
) -> ImportRun:
    """Keep these files, each with its name, for the worker to bring in; as `How` says of the others."""
    run = ImportRun.objects.create(
        by=by, asked_at=now, house=house, into=list(into) if into is not None else None
    )
    parts = [
        ImportPart(run=run, rank=rank, name=name, sha256=store(data))
        for rank, (name, data) in enumerate(files, start=1)
    ]
    insert(parts)
    record_entry("exchange.import_asked", on=run.pk, by=by, facts={"files": len(parts)})
    jobs.bring_in(run.pk)
    return run


def unfinished(digests: Collection[str]) -> ImportRun | None:
    """A run of these very files in which some wait, to be gone on with rather than asked again."""
    for run in ImportRun.objects.filter(parts__outcome=PartOutcome.WAITING).distinct().order_by("-pk"):
        if set(run.parts.values_list("sha256", flat=True)) == set(digests):
            return run
    return None


def left() -> list[uuid.UUID]:
    """The runs with files that wait, to come in or to be taken back, and that no job will take up."""
    waiting = ImportRun.objects.filter(parts__outcome__in=UNDER_WAY).distinct()
    return list(jobs.without_job(waiting).values_list("pk", flat=True))


def go_on(body: uuid.UUID, run_id: uuid.UUID, now: dt.datetime) -> None:
    """Bring in all that waits, some files a transaction; those refused are told, and stop no other."""
    while parts := _waiting(body, run_id):
        with without_collecting():
            _go_on_with(parts, body, run_id, now)


def _go_on_with(
    parts: Sequence[tuple[ImportPart, bytes]], body: uuid.UUID, run_id: uuid.UUID, now: dt.datetime
) -> None:
    found = [content for part, raw in parts if (content := _read(body, part, raw)) is not None]
    if found and not _together(body, run_id, found, now):
        for one in found:
            _alone(body, run_id, one, now)


def _waiting(body: uuid.UUID, run_id: uuid.UUID) -> list[tuple[ImportPart, bytes]]:
    with tenant(body):
        parts = ImportPart.objects.filter(run_id=run_id, outcome=PartOutcome.WAITING).order_by("rank")
        return [(part, load(part.sha256)) for part in parts[:AT_ONCE]]


def _read(body: uuid.UUID, part: ImportPart, raw: bytes) -> Content | None:
    """The content of a file, outside any transaction; None when it is refused, which is told."""
    try:
        return part, read(raw), raw
    except DomainError as refusal:
        _refuse(body, part, refusal)
        return None


def _together(body: uuid.UUID, run_id: uuid.UUID, found: Sequence[Content], now: dt.datetime) -> bool:
    """Whether these came in, all of them: one that is refused keeps the others out, to be tried alone."""
    try:
        with tenant(body):
            _bring_in(run_id, found, now)
    except DomainError:
        return False
    return True


def _alone(body: uuid.UUID, run_id: uuid.UUID, one: Content, now: dt.datetime) -> None:
    try:
        with tenant(body):
            _bring_in(run_id, [one], now)
    except DomainError as refusal:
        _refuse(body, one[0], refusal)


def _bring_in(run_id: uuid.UUID, found: Sequence[Content], now: dt.datetime) -> None:
    """Those that still wait: two workers at once bring nothing in twice."""
    run = ImportRun.objects.select_related("by").get(pk=run_id)
    rows = {part.pk: part for part in _locked([part for part, _, _ in found])}
    still = [(rows[part.pk], data, raw) for part, data, raw in found if part.pk in rows]
    if not still:
        return
    how: How = {"now": now, "by": run.by, "house": run.house, "into": run.into, "run": run.pk}
    for (part, _, _), report in zip(
        still, import_together([(data, raw) for _, data, raw in still], **how), strict=True
    ):
        _tell(part, PartOutcome.DONE, counted(report), {"verbatim": {}} | report.before)


def _locked(parts: Sequence[ImportPart]) -> list[ImportPart]:
    waiting = ImportPart.objects.filter(pk__in=[part.pk for part in parts], outcome=PartOutcome.WAITING)
    return list(waiting.select_for_update(of=("self",)).order_by("rank"))


def _refuse(body: uuid.UUID, part: ImportPart, refusal: DomainError) -> None:
    problems = [
        {"path": fault.path, "reason": fault.reason, "owner": fault.owner} for fault in faults(refusal, [""])
    ]
    with tenant(body):
        for row in _locked([part]):
            _tell(row, PartOutcome.REFUSED, {"faults": problems})


def _tell(
    part: ImportPart, outcome: PartOutcome, told: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    part.outcome, part.told, part.before = outcome, told, before or {}
    part.save(update_fields=["outcome", "told", "before"])
