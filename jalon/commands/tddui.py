"""`jalon tddui import` and `jalon tddui export`: whole records in and out (TDDUI 2.4.0)."""

import contextlib
import hashlib
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
    files: Annotated[
        list[Path],
        typer.Argument(help="Bundle de transaction, ou ressources seules ; ou un dossier de Bundles."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Lit, vérifie, n’enregistre rien.")] = False,
    establishment: House = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Reçoit des personnes : tout entre, ou rien. Réimporter ne change rien.

    D’un dossier, chaque fichier entre seul, en entier ou pas du tout. Relancée, la commande reprend où elle
    en était.
    """
    if len(files) == 1 and files[0].is_dir():
        if dry_run:
            raise typer.BadParameter("--dry-run vérifie des fichiers, pas un dossier")
        _import_folder(sorted(files[0].glob("*.json")), establishment, body, as_json=as_json)
        return
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


def _import_folder(files: list[Path], establishment: str, body: str, *, as_json: bool) -> None:
    connect()
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.exchange.models import PartOutcome
    from jalon.exchange.transfer import runs
    from jalon.exchange.transfer.telling import together
    from jalon.organizations.models import ManagingBody

    if not files:
        raise typer.BadParameter("ce dossier ne contient aucun fichier .json")
    digests = {hashlib.sha256(read_file(file)).hexdigest() for file in files}
    with inside(body, create=not ManagingBody.objects.exists()) as here:
        named = ((file.name, read_file(file)) for file in files)
        run = runs.unfinished(digests) or runs.ask(named, by=None, now=timezone.now(), house=establishment)
    runs.go_on(here, run.pk, timezone.now())
    with tenant(here):
        done = together(part.told for part in run.parts.filter(outcome=PartOutcome.DONE).iterator())
        refused = list(run.parts.filter(outcome=PartOutcome.REFUSED).order_by("rank"))
    faults = [{"file": one.name, **fault} for one in refused for fault in one.told["faults"]]
    told = [f"{each['file']} : {each['path']} {each['reason']}" for each in faults]
    lines = [
        f"{len(files) - len(refused)} fichier(s) importé(s), {len(refused)} refusé(s)",
        f"Pour annuler cette importation : jalon tddui undo {run.pk}",
        *told,
    ]
    answer({**done, "run": run.pk, "faults": faults}, lines, as_json=as_json)
    raise typer.Exit(1 if refused else 0)


@app.command("undo")
def undo(
    run: Annotated[str, typer.Argument(help="L’importation, que nomme la commande qui l’a faite.")],
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Annule l’importation d’un dossier de fichiers : ce qu’elle a créé part, ce qu’elle a changé revient.

    Les personnes sur qui quelqu’un a écrit depuis restent, et sont dites. Relancée, la commande reprend.
    """
    run_id = _identifier(run, "d’une importation")
    connect()
    from jalon.db.tenant import tenant
    from jalon.exchange.models import ImportRun, PartOutcome
    from jalon.exchange.transfer.undoing import ask_back, take_back

    with inside(body) as here:
        found = ImportRun.objects.filter(pk=run_id).first()
        if found is None:
            raise _unknown_run()
        ask_back(found, by=None)
    take_back(here, run_id)
    with tenant(here):
        undone = found.parts.filter(outcome=PartOutcome.UNDONE).count()
        kept = [fault for part in found.parts.order_by("rank") for fault in part.told.get("kept", ())]
    lines = [f"{undone} fichier(s) annulé(s)", *(f"{each['path']} : {each['reason']}" for each in kept)]
    answer({"undone": undone, "kept": kept}, lines, as_json=as_json)
    raise typer.Exit(1 if kept else 0)


def _unknown_run() -> Exception:
    from jalon.core.errors import DomainError

    return DomainError("Cette importation n’est pas connue ici. Vérifiez son identifiant.", code="no_run")


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
    record_id = _identifier(record, "d’un dossier") if record else None
    _make_folder(out)
    connect()
    from jalon.exchange.transfer.exporter import export_files, export_rest
    from jalon.formats.tddui import write

    written = []
    with inside(body):
        leaving = list(_chosen(record_id, establishment))
        rest = export_rest() if everything else None
        rest = rest if rest and (rest.verbatim or any(rest.items()) or any(rest.unread())) else None
        if not leaving and rest is None:
            raise _nothing_to_export()
        shown(None, "tddui export", [found.pk for found in leaving])
        for found, data in export_files(leaving, by=None):
            written.append(_write(out / f"{found.pk}.json", data))
        if rest is not None:
            written.append(_write(out / REST, write(rest)))
    answer({"files": written}, [f"{len(written)} fichier(s) écrit(s) dans {out}"], as_json=as_json)


def _identifier(text: str, whose: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise typer.BadParameter(f"« {text} » n’est pas l’identifiant {whose}") from error


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
