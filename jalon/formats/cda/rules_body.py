"""The rules of a body (CI-SIS, Structuration minimale §3.6 and §3.7)."""

import re
from collections.abc import Iterator

from jalon.formats.cda.body import (
    MEDIA_TYPES,
    PDF,
    Block,
    Embedded,
    Listing,
    Paragraph,
    Section,
    Span,
    Structured,
    Text,
)
from jalon.formats.cda.header import Header
from jalon.formats.cda.rules import Problem, coded, missing

_FILE = "component/nonXMLBody/text"
_SECTION = "component/structuredBody/component/section"
_NAME = re.compile(r"[^\W\d][\w.-]*")  # what the schema accepts as an ID
# The XMP packet of a PDF/A is never compressed (ISO 19005-1, 6.7.2): the mark can be searched in the bytes.
_PDF_A_1 = re.compile(rb"pdfaid:part(?:>|\s*=\s*[\"'])\s*1")


def body_problems(body: Embedded | Structured, header: Header) -> Iterator[Problem]:
    if isinstance(body, Embedded):
        yield from _embedded(body)
    else:
        yield from _structured(body, header)


def _embedded(body: Embedded) -> Iterator[Problem]:
    if body.media_type not in MEDIA_TYPES:
        yield Problem(
            f"{_FILE}/@mediaType", "media_type", f"Un N1 ne porte pas de {body.media_type} (§3.7.2)."
        )
    if not body.data:
        yield missing(_FILE, "Le contenu")
    elif body.media_type == PDF:
        yield from _pdf(_FILE, body.data)


def _pdf(place: str, data: bytes) -> Iterator[Problem]:
    if not data.startswith(b"%PDF-"):
        yield Problem(place, "pdf", "Ce contenu n’est pas un PDF.")
    elif not _PDF_A_1.search(data):
        yield Problem(place, "pdf_a_1", "Ce PDF ne se déclare pas PDF/A-1, le niveau demandé.")


def _structured(body: Structured, header: Header) -> Iterator[Problem]:
    if not header.templates:
        yield missing("templateId", "Le modèle d’un document structuré")
    if not body.sections and not body.pdf_copy:
        yield missing(_SECTION, "Une section")
    if body.pdf_copy:
        yield from _pdf(f"{_SECTION}/entry/organizer/component/observationMedia/value", body.pdf_copy)
    sections = list(_every(body.sections))
    names = [span.id for section in sections for span in _spans(section) if span.id]
    for section in sections:
        yield from _section(section, set(names))
    yield from _names(names)


def _every(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _every(section.sections)


def _section(section: Section, names: set[str]) -> Iterator[Problem]:
    if not section.title.strip():
        yield missing(f"{_SECTION}/title", "Le titre de la section")
    if section.code:
        yield from coded(f"{_SECTION}/code", section.code, "Le code de la section")
    for block in section.blocks:
        yield from _block(block, section.title)
    for entry in section.entries:
        if entry.reference and entry.reference not in names:
            yield Problem(
                f"{_SECTION}/entry/observation/text", "reference", f"Rien ne porte « {entry.reference} »."
            )


def _block(block: Block, title: str) -> Iterator[Problem]:
    """The schema wants an item in a list, a row in a table; rows as wide as the head are our own rule."""
    if isinstance(block, Paragraph):
        return
    if isinstance(block, Listing):
        if not block.items:
            yield missing(f"{_SECTION}/text/list/item", f"Un élément de la liste de « {title} »")
        return
    if not block.rows:
        yield missing(f"{_SECTION}/text/table/tbody/tr", f"Une ligne du tableau de « {title} »")
    widths = {len(row) for row in (*block.rows, block.head) if row}
    if len(widths) > 1:
        yield Problem(f"{_SECTION}/text/table", "table", f"Le tableau de « {title} » a des lignes inégales.")


def _names(names: list[str]) -> Iterator[Problem]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(f"{_SECTION}/text//@ID", "id", f"« {name} » est porté deux fois.")
    for name in names:
        if not _NAME.fullmatch(name):
            yield Problem(f"{_SECTION}/text//@ID", "id", f"« {name} » ne peut pas être un repère.")


def _spans(section: Section) -> Iterator[Span]:
    for block in section.blocks:
        for text in _texts(block):
            if not isinstance(text, str):
                yield from (piece for piece in text if isinstance(piece, Span))


def _texts(block: Block) -> Iterator[Text]:
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Listing):
        yield from block.items
    else:
        yield from block.head
        for row in block.rows:
            yield from row
