"""`jalon cda build`: the clinical documents of records, written to files; nothing is sent or filed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.commands.documents import cda
from jalon.core.errors import DomainError

PLAN = "80788-3"


@cda.command("build")
def build(
    out: Annotated[Path, typer.Option("--out", help="Dossier des fichiers écrits.")],
    type_code: Annotated[str, typer.Option("--type", help="Type LOINC.")] = PLAN,
    record: Annotated[str, typer.Option("--record", help="Identifiant d’un dossier.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Tous les dossiers.")] = False,
    limit: Annotated[int, typer.Option("--limit", help="Au plus tant de documents.")] = 0,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Écrit le CDA de la dernière version signée du projet : un fichier par dossier."""
    if not (record or everything):
        raise typer.BadParameter("dites quoi construire : --record ou --all")
    if type_code != PLAN:
        raise DomainError(
            f"Le type {type_code} ne se construit pas encore ; seul {PLAN} le peut.", code="type_unknown"
        )
    connect()
    out.mkdir(parents=True, exist_ok=True)
    written, without = [], []
    with inside(body):
        for version in _versions(record, limit):
            file, data = out / f"{version.plan.record_id}.xml", _bytes(version)
            if data:
                file.write_bytes(data)
                written.append(str(file))
            else:
                without.append(file.stem)
    _check(written)
    lines = [f"{len(written)} document(s) écrit(s) dans {out}"]
    lines += [f"{len(without)} sans version clinique : {', '.join(without)}"] if without else []
    answer({"files": written, "without": without}, lines, as_json=as_json)


def _check(written: list[str]) -> None:
    if not written:
        raise DomainError(
            "Ce projet n’a pas de version clinique (CDA) : à la signature, l’identité de la personne était "
            "trop incomplète. Complétez l’identité, puis signez une nouvelle version.",
            code="no_clinical_document",
        )


def _versions(record: str, limit: int) -> list[Any]:
    """The last signed version of each record."""
    from jalon.plans.models import PlanVersion

    found = PlanVersion.objects.select_related(
        "plan__record__person", "plan__record__establishment", "signed_by"
    ).order_by("plan__record_id", "-signed_at")
    found = found.filter(plan__record_id=record) if record else found
    last = list(found.distinct("plan__record_id"))
    if not last:
        raise DomainError(
            "Aucun projet signé. Signez le projet avant d’en faire un document.", code="nothing_signed"
        )
    return last[:limit] if limit else last


def _bytes(version: Any) -> bytes:
    """The bytes filed at the signature; composed on the spot when the version was never published.

    Empty for somebody who was then too little known for a clinical document: the PDF alone was filed.
    """
    from jalon.documents.models import Document
    from jalon.documents.storage import load
    from jalon.exchange.compose import people
    from jalon.exchange.compose import plan as composed
    from jalon.exchange.compose.identifiers import Identifiers, oid
    from jalon.formats.cda import writer

    filed = Document.objects.filter(set_id=oid(version.plan_id), version=version.number).first()
    if filed:
        return load(filed.cda_sha256) if filed.cda_sha256 else b""
    if not people.is_known_enough(version.plan.record.person):
        return b""
    pdf = composed.printed(version)
    return writer.write(composed.clinical(version, pdf, Identifiers.of(version.plan_id)))
