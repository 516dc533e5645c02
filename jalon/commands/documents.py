"""`jalon cda read`, `jalon xdm build` and `jalon xdm read`: documents as files, without a database."""

import datetime as dt
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from uuid_utils.compat import uuid7

from jalon.commands.context import AsJson, answer, read_file
from jalon.core import dates
from jalon.core.errors import DomainError
from jalon.core.identifiers import display_ins
from jalon.formats import xds
from jalon.formats.cda import header
from jalon.formats.cda.reader import read
from jalon.formats.cda.received import Node, ReadDocument, ReadSection
from jalon.formats.xdm import package
from jalon.terminology import Coding, concept_map, value_set

cda = typer.Typer(help="Documents cliniques (CDA).", no_args_is_help=True)
xdm = typer.Typer(help="Archives d’échange (IHE_XDM.zip).", no_args_is_help=True)
# Read from the environment and not from the settings: these commands need neither keys nor a database.
SOFTWARE_OID = "JALON_OID"
TEST_SOFTWARE_OID = "1.2.250.1.999.1"
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
UNKNOWN = Coding("", "", "")


# --- cda read --------------------------------------------------------------------------------------


@cda.command("read")
def cda_read(
    file: Annotated[Path, typer.Argument(help="Document CDA, seul, auto-présentable ou signé.")],
    as_json: AsJson = False,
) -> None:
    """Dit ce qu’un document contient : type, personne, auteurs, structure, sections, métadonnées XDS."""
    data = read_file(file)
    document = read(data)
    told = described(document)
    told["xds"], reason = _metadata(data)
    answer(told, [*_sentences(told), *([reason] if reason else _xds_sentences(told["xds"]))], as_json=as_json)


def described(document: ReadDocument) -> dict[str, Any]:
    """The document as JSON values."""
    return {
        "envelope": document.envelope,
        "level": document.level,
        "media_type": document.media_type,
        "id": str(document.id or ""),
        "version": document.version,
        "type": _code(document.code),
        "title": document.title,
        "date": _moment(document.effective_time),
        "language": document.language,
        "confidentiality": _code(document.confidentiality),
        "patient": _patient(document.patient),
        "authors": [_author(author) for author in document.authors],
        "legal_authenticator": _responsible(document),
        "structure": _organization(document.custodian),
        "replaces": str(document.related.id) if document.related else "",
        "sections": [_section(section) for section in document.sections],
        "attachments": [
            {"media_type": one.media_type, "size": len(one.data), "is_copy": one.is_copy}
            for one in document.attachments
        ],
    }


def _code(code: header.Code | None) -> dict[str, str] | None:
    return {"code": code.code, "system": code.system, "display": code.display} if code else None


def _moment(moment: header.Moment | None) -> str:
    return moment.isoformat() if moment else ""


def _patient(patient: header.Patient) -> dict[str, Any]:
    return {
        "matricule": patient.ins.matricule if patient.ins else "",
        "oid": patient.ins.oid if patient.ins else "",
        "birth_name": patient.birth_name,
        "first_name": patient.first_name,
        "birth_first_names": patient.birth_first_names,
        "used_name": patient.used_name,
        "used_first_name": patient.used_first_name,
        "sex": patient.sex or "",
        "birth_date": dates.known_part(patient.birth_date, patient.birth_date_precision),
        "birth_date_precision": patient.birth_date_precision,
        "birthplace": patient.birth_place,
        "local_ids": [str(one) for one in patient.local_ids],
    }


def _author(author: header.Author) -> dict[str, Any]:
    entity = author.entity
    return {
        "id": str(entity.id or ""),
        "name": entity.person.text if entity.person else "",
        "software": author.device.software if author.device else "",
        "profession": _code(entity.profession),
        "structure": _organization(entity.organization),
        "date": _moment(author.time),
    }


def _responsible(document: ReadDocument) -> dict[str, str] | None:
    if document.legal_authenticator is None:
        return None
    entity = document.legal_authenticator.entity
    return {"id": str(entity.id or ""), "name": entity.person.text if entity.person else ""}


def _organization(organization: header.Organization | None) -> dict[str, str] | None:
    if organization is None:
        return None
    return {"id": str(organization.id or ""), "name": organization.name}


def _section(section: ReadSection) -> dict[str, Any]:
    return {
        "title": section.title,
        "code": _code(section.code),
        "text": _words(section.narrative),
        "sections": [_section(inner) for inner in section.sections],
    }


def _words(narrative: Iterable[Node | str]) -> str:
    """The narrative as bare words, for whoever searches or counts; `render` is what shows it."""
    return " ".join(" ".join(_pieces(narrative)).split())


def _pieces(narrative: Iterable[Node | str]) -> Iterable[str]:
    for piece in narrative:
        if isinstance(piece, str):
            yield piece
        else:
            yield from _pieces(piece.children)


def _metadata(data: bytes) -> tuple[dict[str, Any] | None, str]:
    """What a registry would index, or why this document cannot be shared."""
    try:
        entry = entry_of(data)
    except DomainError as refusal:
        return None, f"Métadonnées XDS : {refusal}"
    values: dict[str, Any] = asdict(entry)
    return {**values, "missing": list(entry.missing())}, ""


def _sentences(told: dict[str, Any]) -> list[str]:
    kind, patient = told["type"] or {"display": "sans type", "code": ""}, told["patient"]
    lines = [
        told["title"] or kind["display"] or "Document sans titre",
        f"Type : {kind['display']} ({kind['code']})",
        f"Date : {_day(told['date'])}",
        f"Personne : {_person(patient)}",
        *(f"Auteur : {_who(author)}" for author in told["authors"]),
        f"Structure : {told['structure']['name'] if told['structure'] else 'non dite'}",
        f"Corps : {_body(told)}",
    ]
    return [*lines, *_titles(told["sections"])]


def _day(text: str) -> str:
    return dates.full_date(dt.date.fromisoformat(text[:10])) if text else "non dite"


def _person(patient: dict[str, Any]) -> str:
    first = patient["first_name"] or patient["birth_first_names"]
    name = " ".join(filter(None, (patient["birth_name"], first))) or "sans nom"
    birth = f", naissance : {dates.known_label(patient['birth_date'])}" if patient["birth_date"] else ""
    ins = f", INS {display_ins(patient['matricule'])}" if patient["matricule"] else ", sans INS"
    return f"{name}{birth}{ins}"


def _who(author: dict[str, Any]) -> str:
    parts = (author["name"] or author["software"], (author["profession"] or {}).get("display", ""))
    return ", ".join(filter(None, (*parts, (author["structure"] or {}).get("name", "")))) or author["id"]


def _body(told: dict[str, Any]) -> str:
    return f"un fichier {told['media_type']}" if told["level"] == 1 else "des sections"


def _titles(sections: Sequence[dict[str, Any]], depth: int = 1) -> list[str]:
    lines = []
    for section in sections:
        lines.append(f"{'  ' * depth}{section['title'] or 'Section sans titre'}")
        lines += _titles(section["sections"], depth + 1)
    return lines


def _xds_sentences(metadata: dict[str, Any]) -> list[str]:
    missing = metadata["missing"]
    named = (
        f"classe {(metadata['class_code'] or {}).get('code', '')}".strip(),
        f"format {(metadata['format_code'] or {}).get('code', '')}".strip(),
        f"SHA-1 {metadata['hash']}",
        f"{metadata['size']} octets",
    )
    lack = f" ; il manque : {', '.join(missing)}" if missing else ""
    return [f"Métadonnées XDS : {', '.join(named)}{lack}"]


# --- metadata --------------------------------------------------------------------------------------


def entry_of(data: bytes) -> xds.DocumentEntry:
    """The metadata of a CDA, its class found from its type (DMP's list, then the national one), or None."""
    entry = xds.entry_of(data, class_code=UNKNOWN)
    code = entry.type_code.code if entry.type_code else ""
    found = [coding for table in ("ASS_X16", "ASS_X04") for coding in concept_map(table).targets(code)]
    return replace(entry, class_code=next(iter(found), None))


# --- xdm build -------------------------------------------------------------------------------------


@xdm.command("build")
def xdm_build(
    files: Annotated[list[Path], typer.Argument(help="Documents CDA d’une même personne.")],
    out: Annotated[Path, typer.Option("--out", help="Archive à écrire.")],
    content_type: Annotated[
        str,
        typer.Option("--content-type", help="Type d’activité (JDV_J59) ; sinon celui de la structure."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Met des documents dans une archive IHE_XDM, avec leurs métadonnées."""
    documents = [(_complete(file, data), data) for file, data in ((one, read_file(one)) for one in files)]
    _one_patient(files, [entry for entry, _ in documents])
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    submission = _submission([entry for entry, _ in documents], content_type, now)
    archive = package.build(submission, documents, origin=_origin(documents[0][0]), at=now)
    _write(out, archive)
    entries = package.described(documents)
    told: dict[str, Any] = {
        "file": str(out),
        "submission": submission.unique_id,
        "patient": asdict(submission.patient_id),
        "documents": [_listed(entry) for entry in entries],
    }
    answer(told, [f"{out} : {len(entries)} document(s)", *map(_line, told["documents"])], as_json=as_json)


def _complete(file: Path, data: bytes) -> xds.DocumentEntry:
    """The metadata of a file, refused with its name when something mandatory lacks."""
    try:
        entry = entry_of(data)
    except DomainError as refusal:
        raise DomainError(str(refusal), code=refusal.code, place=file.name) from refusal
    if missing := entry.missing():
        raise DomainError(
            f"Ce document ne dit pas tout ce que l’échange demande : {', '.join(missing)}.",
            code="xds_incomplete",
            place=file.name,
        )
    return entry


def _one_patient(files: list[Path], entries: list[xds.DocumentEntry]) -> None:
    """A sending concerns one and only one person (ECO.2.1.1)."""
    for file, entry in zip(files, entries, strict=True):
        if not entry.patient_id.same_as(entries[0].patient_id):
            raise DomainError(
                f"Ce document n’est pas de la même personne que {files[0].name}. Faites deux archives.",
                code="xdm_patients",
                place=file.name,
            )


def _submission(entries: list[xds.DocumentEntry], content_type: str, now: dt.datetime) -> xds.SubmissionSet:
    first = entries[0]
    return xds.SubmissionSet(
        unique_id=f"2.25.{uuid7().int}",
        source_id=os.environ.get(SOFTWARE_OID, TEST_SOFTWARE_OID),
        patient_id=first.patient_id,
        submission_time=now,
        content_type=_activity(content_type or (first.facility_type.code if first.facility_type else "")),
        authors=first.authors,
        title=first.title,
    )


def _activity(code: str) -> Coding:
    """JDV_J59 holds kinds of activity, and the sectors that documents name."""
    found = value_set("JDV_J59").find(code)
    if found is None:
        raise DomainError(
            f"Le type d’activité « {code} » n’est pas dans la liste JDV_J59. Donnez-le avec --content-type.",
            code="content_type",
        )
    return found


def _origin(entry: xds.DocumentEntry) -> package.Origin:
    author = entry.authors[0]
    person = f"{author.person.given} {author.person.family}".strip() if author.person else ""
    organization = author.institutions[0].name if author.institutions else ""
    return package.Origin(organization=organization or person, person=person)


def _write(file: Path, data: bytes) -> None:
    """Never over another file. A `Path` that cannot be written is misuse."""
    try:
        file.touch(0o600, exist_ok=False)
        file.write_bytes(data)
    except FileExistsError as error:
        raise DomainError(
            "Ce fichier existe déjà. Choisissez un autre nom.", code="file_exists", place=str(file)
        ) from error
    except OSError as error:
        raise typer.BadParameter(f"{file} ne peut pas être écrit ({error.strerror})") from error


# --- xdm read --------------------------------------------------------------------------------------


@xdm.command("read")
def xdm_read(
    file: Annotated[Path, typer.Argument(help="Archive IHE_XDM.")],
    out: Annotated[Path | None, typer.Option("--out", help="Dossier où extraire les documents.")] = None,
    as_json: AsJson = False,
) -> None:
    """Liste les documents d’une archive, leurs empreintes vérifiées ; les extrait si on le demande."""
    received = package.read(read_file(file))
    written = _extract(received, out) if out else []
    told = {
        "patients": [asdict(patient) for patient in received.patients],
        "documents": [_listed(document.entry) for document in received.documents],
        "warnings": list(received.warnings),
        "files": [str(path) for path in written],
    }
    answer(told, _archive_sentences(told), as_json=as_json)


def _listed(entry: xds.DocumentEntry) -> dict[str, Any]:
    return {
        "name": entry.uri,
        "unique_id": entry.unique_id,
        "title": entry.title,
        "type": _coding(entry.type_code),
        "class": _coding(entry.class_code),
        "format": _coding(entry.format_code),
        "mime_type": entry.mime_type,
        "date": entry.creation_time.isoformat() if entry.creation_time else "",
        "patient": asdict(entry.patient_id),
        "hash": entry.hash,
        "size": entry.size,
    }


def _coding(coding: Coding | None) -> dict[str, str] | None:
    """As `_code`: the name of the system is ours, an archive does not carry it."""
    return {"code": coding.code, "system": coding.system, "display": coding.display} if coding else None


def _line(listed: dict[str, Any]) -> str:
    kind = (listed["type"] or {}).get("display", "type inconnu")
    facts = f"{kind}, {_day(listed['date'])}, {listed['size'] or '?'} octets, SHA-1 {listed['hash'] or '?'}"
    return f"  {listed['name']} : {listed['title'] or 'sans titre'} ({facts})"


def _archive_sentences(told: dict[str, Any]) -> list[str]:
    people = " ; ".join(f"{one['value']} ({one['authority']})" for one in told["patients"])
    return [
        f"{len(told['documents'])} document(s), personne : {people}",
        *map(_line, told["documents"]),
        *(f"À noter : {warning}" for warning in told["warnings"]),
        *(f"Écrit : {file}" for file in told["files"]),
    ]


def _extract(received: package.Package, out: Path) -> list[Path]:
    """The documents, under names that cannot leave `out` nor replace anything."""
    written = []
    for subset in received.subsets:
        folder = out / _safe(subset.name)
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(out.resolve()):
            raise DomainError("Ce dossier mène ailleurs.", code="xdm_path", place=str(folder))
        for document in subset.documents:
            target = folder / _safe(document.entry.uri)
            _write(target, document.data)
            written.append(target)
    return written


def _safe(name: str) -> str:
    if not SAFE_NAME.fullmatch(name):
        raise DomainError("Le nom de ce fichier n’est pas accepté.", code="xdm_path", place=name)
    return name
