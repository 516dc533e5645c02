"""Sections, their narrative and their entries → XML."""

import uuid
from collections.abc import Iterable

from jalon.formats.cda import markup as xml
from jalon.formats.cda.body import (
    Block,
    Listing,
    Observation,
    Paragraph,
    Quantity,
    Section,
    Span,
    Structured,
    Table,
    Text,
    Value,
)
from jalon.formats.cda.header import LOINC, Code, Id

PAYLOAD = "<!--payload-->"  # where the base64 goes: no escaped text can hold it
PDF_COPY = Id("1.2.250.1.213.1.1.2.243")  # FR-Document-PDF-copie

_COPY_OF_DOCUMENT = Code("55108-5", LOINC, "Copie du document", "LOINC")
_ATTACHED_DOCUMENT = Code("55107-7", LOINC, "Document attaché", "LOINC")
_DOCUMENT_TYPE = Code("69764-9", LOINC, "Type de document", "LOINC")
_ATTACHED = Id("1.2.250.1.213.1.1.3.18")  # FR-Document-attache
# Simple Observation (IHE PCC) and FR-Simple-Observation
_SIMPLE_OBSERVATION = (Id("1.3.6.1.4.1.19376.1.5.3.1.4.13"), Id("1.2.250.1.213.1.1.3.48"))
_DOCUMENT_TYPE_ENTRY = Id("1.2.250.1.213.1.1.3.48.18")  # FR-Type-document-attache
_MEDIA_ID = "copie-pdf"
_NOT_APPLICABLE = '<effectiveTime nullFlavor="NA"/>'


def structured_body(body: Structured, *, seed: str) -> str:
    """The structuredBody. `seed`, the document's identifier, makes those of the PDF copy reproducible."""
    sections = "".join(map(_component, body.sections))
    copy = f"<component>{_pdf_copy(seed)}</component>" if body.pdf_copy else ""
    return f"<structuredBody>{sections}{copy}</structuredBody>"


# --- sections --------------------------------------------------------------------------------------


def _component(section: Section) -> str:
    return f"<component>{_section(section)}</component>"


def _section(section: Section) -> str:
    identifier = xml.instance(section.id) if section.id else ""
    return (
        f"<section>{xml.instances(section.templates, 'templateId')}{identifier}{xml.coded(section.code)}"
        f"<title>{xml.text(section.title)}</title><text>{''.join(map(_block, section.blocks))}</text>"
        f"{''.join(map(_entry, section.entries))}{''.join(map(_component, section.sections))}</section>"
    )


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<paragraph>{_caption(block.caption)}{_text(block.text)}</paragraph>"
    if isinstance(block, Listing):
        return _listing(block)
    return _table(block)


def _listing(listing: Listing) -> str:
    kind = "ordered" if listing.ordered else "unordered"
    return f'<list listType="{kind}">{_caption(listing.caption)}{_wrapped("item", listing.items)}</list>'


def _table(table: Table) -> str:
    head = f"<thead><tr>{_wrapped('th', table.head)}</tr></thead>" if table.head else ""
    rows = "".join(f"<tr>{_wrapped('td', row)}</tr>" for row in table.rows)
    return f"<table>{_caption(table.caption)}{head}<tbody>{rows}</tbody></table>"


def _wrapped(name: str, texts: Iterable[Text]) -> str:
    return "".join([f"<{name}>{_text(text)}</{name}>" for text in texts])


def _caption(caption: str) -> str:
    return f"<caption>{xml.text(caption)}</caption>" if caption else ""


def _text(text: Text) -> str:
    return _lines(text) if isinstance(text, str) else "".join(map(_inline, text))


def _inline(piece: str | Span) -> str:
    if isinstance(piece, str):
        return _lines(piece)
    style = f' styleCode="{piece.style}"' if piece.style else ""
    anchor = f' ID="{xml.attribute(piece.id)}"' if piece.id else ""
    return f"<content{anchor}{style}>{_lines(piece.text)}</content>"


def _lines(value: str) -> str:
    if "\n" not in value:
        return xml.text(value)
    return xml.text(value.replace("\r\n", "\n")).replace("\n", "<br/>")


# --- entries ---------------------------------------------------------------------------------------


def _entry(observation: Observation) -> str:
    return f"<entry>{_observation(observation)}</entry>"


def _observation(observation: Observation) -> str:
    reference = f'<text><reference value="#{xml.attribute(observation.reference)}"/></text>'
    time = xml.time("effectiveTime", observation.time) if observation.time else _NOT_APPLICABLE
    return (
        '<observation classCode="OBS" moodCode="EVN">'
        f"{xml.instances((*_SIMPLE_OBSERVATION, *observation.templates), 'templateId')}"
        f"{xml.instance(observation.id)}{xml.coded(observation.code)}"
        f'{reference if observation.reference else ""}<statusCode code="completed"/>{time}'
        f"{_value(observation.value)}</observation>"
    )


def _value(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Code):
        return xml.coded(value, "value", kind="CD")
    if isinstance(value, Quantity):
        return f'<value xsi:type="PQ" value="{value.value}" unit="{xml.attribute(value.unit)}"/>'
    if isinstance(value, bool):
        return f'<value xsi:type="BL" value="{str(value).lower()}"/>'
    if isinstance(value, int):
        return f'<value xsi:type="INT" value="{value}"/>'
    return f'<value xsi:type="ST">{xml.text(value)}</value>'


# --- the PDF copy ----------------------------------------------------------------------------------


def _pdf_copy(seed: str) -> str:
    """FR-Document-PDF-copie: one FR-Document-attache holding its type and the file."""
    return (
        f"<section>{xml.instance(PDF_COPY, 'templateId')}{_drawn(seed, 'section')}"
        f"{xml.coded(_COPY_OF_DOCUMENT)}<title>Copie du document</title>"
        f'<text><renderMultiMedia referencedObject="{_MEDIA_ID}"/></text>'
        '<entry><organizer classCode="CLUSTER" moodCode="EVN">'
        f"{xml.instance(_ATTACHED, 'templateId')}{_drawn(seed, 'organizer')}{xml.coded(_ATTACHED_DOCUMENT)}"
        f'<statusCode code="completed"/><component>{_observation(_type_of_copy(seed))}</component>'
        f"<component>{_media()}</component></organizer></entry></section>"
    )


def _type_of_copy(seed: str) -> Observation:
    identifier = Id(_uuid(seed, "type"))
    return Observation(
        identifier, _DOCUMENT_TYPE, _COPY_OF_DOCUMENT, reference=_MEDIA_ID, templates=(_DOCUMENT_TYPE_ENTRY,)
    )


def _media() -> str:
    value = f'<value mediaType="application/pdf" representation="B64">{PAYLOAD}</value>'
    return f'<observationMedia classCode="OBS" moodCode="EVN" ID="{_MEDIA_ID}">{value}</observationMedia>'


def _drawn(seed: str, part: str) -> str:
    return xml.instance(Id(_uuid(seed, part)))


def _uuid(seed: str, part: str) -> str:
    """Upper case, as the type `uuid` of the schema wants it."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}/pdf-copy/{part}")).upper()
