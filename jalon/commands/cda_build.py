"""`jalon cda build`: the clinical documents of records, written to files; nothing is sent or filed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.commands.documents import cda
from jalon.core.errors import DomainError
from jalon.gateways.common.tls import write_private

PLAN = "80788-3"  # what is built when nothing is said


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
    """Écrit le CDA du dernier document signé de ce type : un fichier par dossier."""
    if not (record or everything):
        raise typer.BadParameter("dites quoi construire : --record ou --all")
    connect()
    paper = _paper(type_code)
    out.mkdir(0o700, parents=True, exist_ok=True)
    written, without = [], []
    with inside(body):
        for source in _sources(paper, record, limit):
            file, data = out / f"{paper.record_of(source).pk}.xml", _bytes(paper, source)
            if data:
                write_private(file, data)
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


def _paper(type_code: str) -> Any:
    from jalon.exchange.outbox.papers import paper_of_type, papers

    paper = paper_of_type(type_code)
    if paper is None:
        known = ", ".join(one.type_code for one in papers())
        raise DomainError(
            f"Le type {type_code} ne se construit pas. Types qui se construisent : {known}.",
            code="type_unknown",
        )
    return paper


def _sources(paper: Any, record: str, limit: int) -> list[Any]:
    """What was signed last in each record."""
    last = list(paper.latest(record))
    if not last:
        raise DomainError(
            "Rien de ce type n’est signé. Signez avant d’en faire un document.", code="nothing_signed"
        )
    return last[:limit] if limit else last


def _bytes(paper: Any, source: Any) -> bytes:
    """The bytes filed at the signature; composed on the spot from what was signed when it was never filed.

    Empty for somebody who was then too little known for a clinical document: the PDF alone was filed.
    """
    from jalon.documents.storage import load
    from jalon.exchange.queries import documents_of
    from jalon.formats.cda import writer

    versions = documents_of(paper.record_of(source).pk, paper.set_of(source))
    filed = versions.get(paper.signed(source).number)
    if filed:
        return load(filed.cda_sha256) if filed.cda_sha256 else b""
    clinical = paper.clinical(source, paper.pdf(source))
    return writer.write(clinical) if clinical else b""
