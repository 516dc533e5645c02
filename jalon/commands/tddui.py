"""`jalon tddui import` and `jalon tddui export`: whole records in and out (TDDUI 2.4.0)."""

from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside, read_file

app = typer.Typer(help="Transfert de dossiers entre logiciels (TDDUI 2.4.0).", no_args_is_help=True)
CLASSES = {
    "organizations": "structures", "practitioners": "professionnels", "roles": "fonctions",
    "person": "usagers",
    "contacts": "contacts", "stays": "séjours", "events": "évènements", "plans": "projets personnalisés",
    "expectations": "attentes", "needs": "besoins", "goals": "objectifs", "actions": "actions",
    "agreements": "accords",
}  # fmt: skip
House = Annotated[
    str, typer.Option("--establishment", help="FINESS de l’établissement qui accueille ou que l’on exporte.")
]


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
    connect()
    from django.db import transaction
    from django.utils import timezone

    from jalon.exchange.transfer.importer import import_transfer
    from jalon.formats.tddui import reader
    from jalon.formats.tddui.coverage import coverage

    data = reader.read(raw[0] if len(raw) == 1 else raw)
    with inside(body, create=True):
        report = import_transfer(data, b"\n".join(raw), now=timezone.now(), by=None, house=establishment)
        if dry_run:
            transaction.set_rollback(True)
    _tell(report, coverage(data), dry_run=dry_run, as_json=as_json)


def _tell(report: Any, covered: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    outcomes = (("created", "créés"), ("changed", "modifiés"), ("unchanged", "inchangés"))
    lines = ["Essai : rien n’est enregistré."] if dry_run else []
    for outcome, word in outcomes:
        counts = getattr(report, outcome)
        lines += [f"{CLASSES[name]} {word} : {count}" for name, count in counts.items()]
    lines += [f"repris tels quels : {count} {name}" for name, count in report.verbatim.items()]
    if not report.total("created") and not report.total("changed"):
        lines.append("Tout était déjà là : rien n’a changé.")
    lines += report.notes
    shares = {share.label: share for share in covered.values() if share.resources}
    lines += [f"{label} : {100 * share.ratio:.0f} % repris tel quel" for label, share in shares.items()]
    value = {
        **{outcome: getattr(report, outcome) for outcome, _ in outcomes},
        "verbatim": report.verbatim, "notes": report.notes, "records": report.records, "dry_run": dry_run,
        "coverage": {label: share.ratio for label, share in shares.items()},
    }  # fmt: skip
    answer(value, lines, as_json=as_json)


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
    if not (record or establishment or everything):
        raise typer.BadParameter("dites quoi exporter : --record, --establishment ou --all")
    connect()
    from jalon.exchange.transfer.exporter import export_record
    from jalon.formats.tddui import writer

    out.mkdir(parents=True, exist_ok=True)
    written = []
    with inside(body):
        for found in _chosen(record, establishment):
            file = out / f"{found.pk}.json"
            file.write_bytes(writer.write(export_record(found)))
            written.append(str(file))
    answer({"files": written}, [f"{len(written)} dossier(s) exporté(s) dans {out}"], as_json=as_json)


def _chosen(record: str, establishment: str) -> Any:
    from jalon.core.errors import DomainError
    from jalon.records.models import Record

    chosen = Record.objects.select_related("person", "establishment").order_by("pk")
    chosen = chosen.filter(pk=record) if record else chosen
    chosen = chosen.filter(establishment__finess=establishment) if establishment else chosen
    if not chosen.exists():
        raise DomainError(
            "Aucun dossier ne correspond. Vérifiez l’identifiant ou le FINESS.", code="no_record"
        )
    return chosen
