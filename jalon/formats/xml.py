"""Every XML byte of the house is parsed here: no DOCTYPE, no entity, no network, a bounded size."""

from typing import Any, Final, cast

from lxml import etree

from jalon.core.errors import DomainError

LIMIT = 50 * 2**20
LONG = 10_000_000  # libxml2 refuses a longer text (XML_MAX_TEXT_LENGTH): a PDF of 7.5 Mo in base64
DEPTH = 256  # and a deeper tree (xmlParserMaxDepth)
SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "remove_pis": False,
}  # fmt: skip


def parse(data: bytes, *, limit: int = LIMIT) -> etree._Element:
    """The root element of `data`.

    Raises DomainError `xml_refused` (with line and column as its place) when the document is larger than
    `limit` bytes, is not well-formed, or carries a DOCTYPE (the door of external and expanding entities).
    """
    if len(data) > limit:
        raise DomainError(
            f"Le document XML dépasse {limit // 2**20} Mo. Il n’a pas été lu.", code="xml_refused"
        )
    try:
        root = _large(data) if len(data) > LONG else etree.fromstring(data, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise DomainError(
            "Le document XML est mal formé. Il n’a pas été lu.",
            code="xml_refused",
            place=f"ligne {line}, colonne {column}",
        ) from error
    _refuse_doctype(root)
    return root


def _large(data: bytes) -> etree._Element:
    """A document that may hold a long text, read without libxml2's own limits.

    Those limits are also what stops entities from expanding: the DOCTYPE is looked for first, under them, in
    what comes before the root. The depth, on which our readers count, is bounded here.
    """
    _refuse_doctype(_opening(data))
    root = etree.fromstring(data, etree.XMLParser(**SAFE, huge_tree=True))
    if root.xpath("/*" * (DEPTH + 1)):
        raise DomainError("Le document XML est trop profond. Il n’a pas été lu.", code="xml_refused")
    return root


def _opening(data: bytes) -> etree._Element:
    """The root element, before its content is read."""
    parser = etree.XMLPullParser(("start",), **SAFE)
    for start in range(0, len(data), 2**16):
        parser.feed(data[start : start + 2**16])
        for _, root in parser.read_events():
            return cast("etree._Element", root)
    return cast("etree._Element", parser.close())  # raises, there is none


def _refuse_doctype(root: etree._Element) -> None:
    docinfo: Any = root.getroottree().docinfo  # the stubs leave out its doctype
    if docinfo.doctype:
        raise DomainError(
            "Le document XML contient une déclaration DOCTYPE, refusée par sécurité.",
            code="xml_refused",
            place="ligne 1",
        )
