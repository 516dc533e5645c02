"""What a printed document says → the JSON that the Typst templates read: words ready to print, in French."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jalon.core import dates
from jalon.core.identifiers import display_ins
from jalon.core.identity import INS_OIDS
from jalon.core.typography import NBSP
from jalon.formats.cda.body import Block, Listing, Paragraph, Section, Span, Text
from jalon.formats.paper import (
    Action,
    Agreement,
    DocumentPdf,
    Establishment,
    Expectation,
    Goal,
    Identity,
    PlanPdf,
)

_SEXES = {"M": "Masculin", "F": "Féminin", "U": "Indéterminé"}
_WHOLE_LENGTH, _WHOLE_ACTIONS = 1500, 6
_CONFIDENTIAL = "Document confidentiel, couvert par le secret professionnel."


def plan_values(plan: PlanPdf) -> dict[str, Any]:
    period = _period(plan.start, plan.end)
    return {
        **_common(plan, [f"Projet {_in_a_sentence(period)}."] if period else []),
        "summary": _lines(plan.summary),
        "expectations-title": plan.expectations_title,
        "expectations": [_expectation(said) for said in plan.expectations],
        "needs": [
            {"code": need.code, "label": need.label, "detail": _lines(need.detail)} for need in plan.needs
        ],
        "goals": [_goal(rank, goal) for rank, goal in enumerate(plan.goals, 1)],
    }


def document_values(document: DocumentPdf) -> dict[str, Any]:
    facts = [f"{label}{NBSP}: {value}" for label, value in document.facts if value]
    return {**_common(document, facts), "sections": [_section(section) for section in document.sections]}


def _common(data: PlanPdf | DocumentPdf, more: list[str]) -> dict[str, Any]:
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


def _expectation(said: Expectation) -> dict[str, Any]:
    on = f"le {dates.full_date(said.said_on)}" if said.said_on else ""
    return {"words": said.words, "who": ", ".join(filter(None, (said.speaker, on)))}


def _goal(rank: int, goal: Goal) -> dict[str, Any]:
    facts = (
        ("Responsable", goal.responsible),
        ("Période", _period(goal.start, goal.end)),
        ("État", goal.status),
    )
    return {
        "number": f"{rank}.",
        "short": _is_short(goal),
        "first": rank == 1,
        "title": goal.title,
        "facts": [{"label": f"{label}{NBSP}:", "value": value} for label, value in facts if value],
        "description": _lines(goal.description),
        "expected": _lines(goal.expected_result),
        "actions": [_action(action) for action in goal.actions],
    }


def _is_short(goal: Goal) -> bool:
    """Short enough to be kept on one page, but the first, which would leave a hole under its heading."""
    length = len(goal.description) + len(goal.expected_result) + sum(len(a.description) for a in goal.actions)
    return length < _WHOLE_LENGTH and len(goal.actions) <= _WHOLE_ACTIONS


def _action(action: Action) -> dict[str, Any]:
    when = ", ".join(filter(None, (action.frequency, _in_a_sentence(_period(action.start, action.end)))))
    return {"description": _lines(action.description), "responsible": action.responsible, "when": when}


def _agreement(agreement: Agreement) -> dict[str, str]:
    on = f"Le {dates.full_date(agreement.signed_on)}" if agreement.signed_on else ""
    statement = f"{NBSP}: ".join(filter(None, (on, agreement.statement)))
    return {"name": agreement.name, "role": agreement.role, "statement": statement}


def _period(start: dt.date | None, end: dt.date | None) -> str:
    if start and end:
        return f"Du {dates.full_date(start)} au {dates.full_date(end)}"
    if start:
        return f"À partir du {dates.full_date(start)}"
    return f"Jusqu’au {dates.full_date(end)}" if end else ""


def _in_a_sentence(period: str) -> str:
    return period[:1].lower() + period[1:]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# --- narrative -------------------------------------------------------------------------------------


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "caption": block.caption, "text": _text(block.text)}
    if isinstance(block, Listing):
        items = [_text(item) for item in block.items]
        return {"kind": "list", "caption": block.caption, "ordered": block.ordered, "items": items}
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": max((len(row) for row in (block.head, *block.rows)), default=1),
        "head": _texts(block.head),
        "cells": [cell for row in block.rows for cell in _texts(row)],
    }


def _texts(texts: Iterable[Text]) -> list[list[dict[str, Any]]]:
    return [_text(text) for text in texts]


def _text(text: Text) -> list[dict[str, Any]]:
    pieces: tuple[str | Span, ...] = (text,) if isinstance(text, str) else text
    return [_piece(piece) for piece in pieces]


def _piece(piece: str | Span) -> dict[str, Any]:
    words, style = (piece, "") if isinstance(piece, str) else (piece.text, piece.style)
    return {"style": style, "lines": words.split("\n")}
