"""A document in sections on paper: a letter, or the narrative of a clinical document as it is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from jalon.core.typography import NBSP
from jalon.formats.cda.body import Block, Listing, Paragraph, Section, Span, Text
from jalon.formats.paper import Agreement, Establishment, Identity
from jalon.formats.pdf_values import common


@dataclass(frozen=True, slots=True)
class DocumentPdf:
    """A document in sections: a letter, or the faithful narrative of a structured document (ECO.2.1.5).

    `facts` are labels and values shown under the title.
    """

    template: ClassVar[str] = "document.typ"

    title: str
    establishment: Establishment
    written: dt.datetime
    authors: tuple[str, ...]
    sections: tuple[Section, ...]
    identity: Identity | None = None
    version: int = 1
    facts: tuple[tuple[str, str], ...] = ()
    agreements: tuple[Agreement, ...] = ()
    readable: bool = False

    def values(self) -> dict[str, Any]:
        facts = [f"{label}{NBSP}: {value}" for label, value in self.facts if value]
        return {**common(self, facts), "sections": [_section(section) for section in self.sections]}


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
