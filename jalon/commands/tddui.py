"""`jalon tddui import` and `jalon tddui export`: whole records in and out (TDDUI 2.4.0)."""

import contextlib
import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.asking import shown
from jalon.commands.context import AsJson, Body, answer, connect, inside, read_file
from jalon.gateways.common.tls import write_private

app = typer.Typer(help="Transfert de dossiers entre logiciels (TDDUI 2.4.0).", no_args_is_help=True)
REST = "sans-dossier.json"
House = Annotated[
    str, typer.Option("--establishment", help="FINESS de l’établissement qui accueille ou que l’on exporte.")
]


# --- import -------------------------------------------------------------------------------------------------


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="Bundle de transaction, ou ressources seules.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Lit, vérifie, n’enregistre rien.")] = False,
    establishment: House = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Reçoit des personnes : tout entre, ou rien. Réimporter ne change rien."""
    raw = [read_file(file) for file in files]
    with _refusals(as_json=as_json):
        data = _read(files, raw)
        connect()
        from django.db import transaction
        from django.utils import timezone

        from jalon.exchange.transfer.importer import import_transfer
        from jalon.organizations.models import ManagingBody

        with transaction.atomic():
            # Only an empty database makes its managing body: elsewhere, an unknown number is a slip.
            with inside(body, create=not ManagingBody.objects.exists()):
                report = import_transfer(
                    data, b"\n".join(raw), now=timezone.now(), by=None, house=establishment, dry_run=dry_run
                )
            if dry_run:
                transaction.set_rollback(True)
    _tell(report, data, dry_run=dry_run, as_json=as_json)


@contextlib.contextmanager
def _refusals(*, as_json: bool) -> Iterator[None]:
    """A refusal goes its way; for programs, its places and reasons are on the standard output too."""
    from jalon.core.errors import DomainError
    from jalon.formats.fhir import FhirRefused

    try:
        yield
    except DomainError as refusal:
        told = (
            [(each.path, each.reason) for each in refusal.problems]
            if isinstance(refusal, FhirRefused)
            else []
        )
        problems = [
            {"path": path, "reason": reason} for path, reason in told or [(refusal.place, refusal.message)]
        ]
        if as_json:
            print(json.dumps({"code": refusal.code, "problems": problems}, ensure_ascii=False, indent=2))
        raise


def _read(files: list[Path], raw: list[bytes]) -> Any:
    """The content of the files, read as one; a refusal names the files rather than their rank."""
    from jalon.exchange.transfer.telling import faults
    from jalon.formats.fhir import Problem
    from jalon.formats.tddui import TdduiRefused, read

    if len(raw) == 1:
        return read(raw[0])
    try:
        return read(raw)
    except TdduiRefused as refusal:
        named = faults(refusal, [file.name for file in files])
        problems = [Problem(f"{each.file} {each.path}".strip(), each.reason) for each in named]
        raise TdduiRefused(problems) from refusal


def _tell(report: Any, data: Any, *, dry_run: bool, as_json: bool) -> None:
    from jalon.exchange.transfer.telling import told

    value = told(report, data, dry_run=dry_run)
    shares = (_share(label, ratio) for label, ratio in value["coverage"].items())
    answer(value, [*_lines(report, dry_run=dry_run), *shares], as_json=as_json)


def _lines(report: Any, *, dry_run: bool) -> Iterator[str]:
    from jalon.exchange.transfer.telling import CLASSES, NOTHING_CHANGED, OUTCOMES

    if dry_run:
        yield "Essai : rien n’est enregistré."
    for outcome, word in OUTCOMES:
        for name, count in getattr(report, outcome).items():
            yield f"{CLASSES[name]} {word} : {count}"
    for name, count in report.verbatim.items():
        yield f"repris tels quels : {count} {name}"
    if report.nothing_changed:
        yield NOTHING_CHANGED
    yield from report.notes


def _share(label: str, ratio: float) -> str:
    """`usagers : 0 % repris tel quel`."""
    from jalon.exchange.transfer.telling import percent

    return f"{label} : {percent(ratio)} % repris tel quel"


# --- export -------------------------------------------------------------------------------------------------


@app.command("export")
def export_records(
    out: Annotated[Path, typer.Option("--out", help="Dossier des fichiers écrits.")],
    record: Annotated[str, typer.Option("--record", help="Identifiant d’un dossier.")] = "",
    establishment: House = "",
    everything: Annotated[bool, typer.Option("--all", help="Tous les dossiers.")] = False,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Rend les dossiers : un Bundle par dossier, sans rien perdre de ce qui fut reçu."""
    if sum(map(bool, (record, establishment, everything))) != 1:
        raise typer.BadParameter("dites quoi exporter : --record, --establishment ou --all")
    record_id = _record_id(record) if record else None
    _make_folder(out)
    connect()
    from jalon.exchange.transfer.exporter import export_files, export_rest
    from jalon.formats.tddui import write

    written = []
    with inside(body):
        leaving = list(_chosen(record_id, establishment))
        rest = export_rest() if everything else None
        rest = rest if rest and (rest.verbatim or any(rest.items())) else None
        if not leaving and rest is None:
            raise _nothing_to_export()
        shown(None, "tddui export", [found.pk for found in leaving])
        for found, data in export_files(leaving, by=None):
            written.append(_write(out / f"{found.pk}.json", data))
        if rest is not None:
            written.append(_write(out / REST, write(rest)))
    answer({"files": written}, [f"{len(written)} fichier(s) écrit(s) dans {out}"], as_json=as_json)


def _record_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise typer.BadParameter(f"« {text} » n’est pas l’identifiant d’un dossier") from error


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        print(f"{out} : ce dossier ne peut pas être créé ({error.strerror}).", file=sys.stderr)
        raise SystemExit(2) from error


def _write(file: Path, data: bytes) -> str:
    write_private(file, data)
    return str(file)


def _chosen(record_id: uuid.UUID | None, establishment: str) -> Any:
    from jalon.records.models import Record

    chosen = Record.objects.select_related("person", "establishment").order_by("pk")
    chosen = chosen.filter(pk=record_id) if record_id else chosen
    return chosen.filter(establishment__finess=establishment) if establishment else chosen


def _nothing_to_export() -> Exception:
    """Structures alone may leave; nothing at all is a slip in what was asked."""
    from jalon.core.errors import DomainError

    return DomainError("Aucun dossier ne correspond. Vérifiez l’identifiant ou le FINESS.", code="no_record")
