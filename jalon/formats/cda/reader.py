"""CDA bytes → ReadDocument. Nothing in the document is run, fetched or obeyed: stylesheet, link or entity."""

import base64
import binascii
import re
from collections.abc import Iterator

from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xml
from jalon.formats.cda.body import Embedded
from jalon.formats.cda.elements import (
    HL7,
    Element,
    code,
    each,
    every,
    instance,
    one,
    path,
    text,
    value,
    words,
)
from jalon.formats.cda.media import UNKNOWN, is_of
from jalon.formats.cda.narrative import PDF_COPY
from jalon.formats.cda.read_header import header_fields
from jalon.formats.cda.received import Attachment, Envelope, Node, ReadDocument, ReadSection

_ENVELOPES: dict[str, Envelope] = {
    f"{{{HL7}}}ClinicalDocument": "plain",
    "{http://www.w3.org/1999/XSL/Transform}stylesheet": "self-presenting",
    "{http://www.w3.org/2000/09/xmldsig#}Signature": "signed",
}
_KEPT = {
    "content": ("ID", "styleCode"),
    "paragraph": ("ID", "styleCode"),
    "list": ("ID", "listType"),
    "item": ("ID",),
    "table": ("ID",),
    "td": ("ID", "colspan", "rowspan", "align", "styleCode"),
    "th": ("ID", "colspan", "rowspan", "align", "scope", "styleCode"),
    "tr": ("ID",),
    "linkHtml": ("href",),
    "footnote": ("ID",),
    "footnoteRef": ("IDREF",),
    "renderMultiMedia": ("referencedObject",),
}
# Levels of a document: reading and rendering go down them by calls. The deepest official sample has 22.
_DEPTH = 64
_SPACES = re.compile(r"[ \t\r\n]+")


def read(data: bytes) -> ReadDocument:
    """The document in `data`, alone, inside its own stylesheet (self-presenting) or inside its signature.

    Raises DomainError `xml_refused` (hostile or broken XML), `not_a_cda` (no ClinicalDocument, or several) or
    `body_unreadable` (the file it embeds is not base64, or is not of the type it declares).
    """
    root = xml.parse(data, depth=_DEPTH)
    document = clinical_document(root)
    body = one(document, "h:component")
    return ReadDocument(
        **header_fields(document),
        envelope=_ENVELOPES.get(str(root.tag), "other"),
        embedded=_embedded(one(body, "h:nonXMLBody/h:text")),
        sections=each(_section, every(body, "h:structuredBody/h:component/h:section")),
        attachments=tuple(_attachments(one(body, "h:structuredBody"))),
    )


def clinical_document(root: Element) -> Element:
    """The ClinicalDocument that `root` is or holds. Raises DomainError `not_a_cda`."""
    found = list(root.iter(f"{{{HL7}}}ClinicalDocument"))
    if len(found) != 1:
        raise DomainError(
            "Ce fichier ne contient pas un document clinique (CDA) et un seul.",
            code="not_a_cda",
            place=etree.QName(root).localname,
        )
    return found[0]


# --- sections --------------------------------------------------------------------------------------


def _section(element: Element) -> ReadSection:
    return ReadSection(
        title=words(one(element, "h:title")),
        code=code(one(element, "h:code")),
        templates=each(instance, every(element, "h:templateId")),
        narrative=tuple(_nodes(one(element, "h:text"))),
        sections=each(_section, every(element, "h:component/h:section")),
    )


def _nodes(element: Element | None) -> Iterator[Node | str]:
    """The children of a narrative element; depth is bounded by the parser."""
    if element is None:
        return
    if element.text:
        yield _collapsed(element.text)
    for child in element:
        if isinstance(child.tag, str):
            yield _node(child)
        if child.tail:
            yield _collapsed(child.tail)


def _node(element: Element) -> Node:
    tag = str(element.tag).rpartition("}")[2]
    attributes = tuple((name, found) for name in _KEPT.get(tag, ()) if (found := element.get(name)))
    return Node(tag, tuple(_nodes(element)), attributes)


def _collapsed(content: str) -> str:
    return _SPACES.sub(" ", content)


# --- files -----------------------------------------------------------------------------------------


def _embedded(element: Element | None) -> Embedded | None:
    if element is None:
        return None
    media_type, data = element.get("mediaType", "text/plain"), _content(element)
    if not is_of(media_type, data):
        raise _damaged(element)
    return Embedded(data, media_type)


def _attachments(body: Element | None) -> Iterator[Attachment]:
    if body is None:
        return
    for media in body.iter(f"{{{HL7}}}observationMedia"):
        content = one(media, "h:value")
        if content is not None:
            yield _attachment(media, content)


def _attachment(media: Element, content: Element) -> Attachment:
    section = next(media.iterancestors(f"{{{HL7}}}section"), None)
    templates = {value(found, "root") for found in every(section, "h:templateId")}
    media_type, data = content.get("mediaType", ""), _content(content)
    return Attachment(
        media_type=media_type if is_of(media_type, data) else UNKNOWN,
        data=data,
        id=media.get("ID", ""),
        section=words(one(section, "h:title")),
        is_copy=PDF_COPY.root in templates,
    )


def _content(element: Element) -> bytes:
    """The bytes of an ED value. A compressed one is left as it came: it would be a door for bombs.

    Some forget to say that a file is in base64, and some its last signs.
    """
    content = text(element)
    if element.get("representation") != "B64" and element.get("mediaType", "text/plain").startswith("text/"):
        return content.encode()
    digits = "".join(content.split()).rstrip("=")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _damaged(element) from error


def _damaged(element: Element) -> DomainError:
    return DomainError(
        "Le fichier contenu dans ce document est abîmé : il ne peut pas être affiché.",
        code="body_unreadable",
        place=path(element),
    )
