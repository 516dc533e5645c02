"""What every printed document says → the JSON that its Typst template reads: words ready to print."""

import datetime as dt
from typing import Any

from jalon.core import dates
from jalon.core.identifiers import display_ins
from jalon.core.identity import INS_OIDS
from jalon.core.typography import NBSP
from jalon.formats.paper import Agreement, Establishment, Identity, Sheet

_SEXES = {"M": "Masculin", "F": "Féminin", "U": "Indéterminé"}
_CONFIDENTIAL = "Document confidentiel, couvert par le secret professionnel."


def common(data: Sheet, more: list[str]) -> dict[str, Any]:
    """The page, its opening and its foot; `more`: what the subtitle adds to dates and authors."""
    written = f"Version {data.version} du {dates.full_date(data.written)} à {dates.clock(data.written)}"
    by = f", par {' et '.join(data.authors)}" if data.authors else ""
    return {
        "title": data.title,
        "authors": list(data.authors),
        "written": _utc(data.written),
        "fonts": (["Atkinson Hyperlegible Next", "Inter"] if data.readable else ["Inter"]),
        "size": 12 if data.readable else 10,
        "establishment": _establishment(data.establishment),
        "identity": _identity(data.identity) if data.identity else None,
        "subtitle": [f"{written}{by}.", *more],
        "agreements": [_agreement(agreement) for agreement in data.agreements],
        "footer": {
            "person": _short_identity(data.identity) if data.identity else data.establishment.name,
            "document": f"{data.title}, version {data.version}",
            "page": "Page",
            "confidential": _CONFIDENTIAL,
        },
    }


def _utc(written: dt.datetime) -> dict[str, int]:
    """Raises ValueError on a time without offset: the date of the PDF would be that of the machine."""
    if written.utcoffset() is None:
        raise ValueError("a document needs the offset of the time it was written")
    at = written.astimezone(dt.UTC)
    return {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")}


def _establishment(establishment: Establishment) -> dict[str, Any]:
    finess = f"FINESS {establishment.finess}" if establishment.finess else ""
    details = (", ".join(establishment.address), establishment.telephone, finess)
    return {"name": establishment.name, "details": [detail for detail in details if detail]}


def _identity(identity: Identity) -> dict[str, Any]:
    ins = identity.ins
    facts = (
        ("Date de naissance", _birth(identity)),
        ("Sexe", _SEXES.get(identity.sex or "", "")),
        ("Lieu de naissance", identity.birth_place),
        (
            f"Matricule INS ({INS_OIDS.get(ins.oid, '')})" if ins else "",
            display_ins(ins.matricule) if ins else "",
        ),
        ("Numéro de dossier", identity.record_number),
    )
    used = " ".join(filter(None, (identity.used_first_name, identity.used_name.upper())))
    return {
        "name": _name(identity),
        "used": f"utilise {used}" if used else "",
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "datamatrix": _datamatrix(identity.datamatrix),
    }


def _datamatrix(rows: tuple[str, ...]) -> str:
    """The code as a drawing: one square a dark module, around them the quiet zone the reader needs."""
    size = len(rows) + 2
    if not rows:
        return ""
    dark = ((x, y) for y, row in enumerate(rows, 1) for x, module in enumerate(row, 1) if module == "1")
    squares = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    view = f'viewBox="0 0 {size} {size}" width="{size}" height="{size}" shape-rendering="crispEdges"'
    background = f'<rect width="{size}" height="{size}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {view}>{background}<path d="{squares}"/></svg>'


def _name(identity: Identity) -> str:
    return f"{identity.birth_name.upper()} {identity.first_names}".strip()


def _short_identity(identity: Identity) -> str:
    birth = _birth(identity)
    return f"{_name(identity)}, naissance{NBSP}: {birth}" if birth else _name(identity)


def _birth(identity: Identity) -> str:
    known = identity.birth_date
    return dates.birth_date_label(known, identity.birth_date_precision) if known else ""


def _agreement(agreement: Agreement) -> dict[str, str]:
    on = f"Le {dates.full_date(agreement.signed_on)}" if agreement.signed_on else ""
    statement = f"{NBSP}: ".join(filter(None, (on, agreement.statement)))
    return {"name": agreement.name, "role": agreement.role, "statement": statement}


def period(start: dt.date | None, end: dt.date | None) -> str:
    """« Du 1er mars au 30 juin », and what is known of it."""
    if start and end:
        return f"Du {dates.full_date(start)} au {dates.full_date(end)}"
    if start:
        return f"À partir du {dates.full_date(start)}"
    return f"Jusqu’au {dates.full_date(end)}" if end else ""


def in_a_sentence(period: str) -> str:
    """Its first letter small."""
    return period[:1].lower() + period[1:]


def lines(text: str) -> list[str]:
    """The paragraphs of a text, without the empty ones."""
    return [line for line in text.splitlines() if line.strip()]
