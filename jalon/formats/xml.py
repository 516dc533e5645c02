"""Every XML byte of the house is parsed here: no DOCTYPE, no entity, no network, a bounded size and work."""

from functools import cached_property
from typing import Any, Final, cast

from lxml import etree

from jalon.core.errors import DomainError

LIMIT = 50 * 2**20
LONG = 10_000_000  # libxml2 refuses a longer text (XML_MAX_TEXT_LENGTH): a PDF of 7.5 Mo in base64
DEPTH = 256  # and a deeper tree (xmlParserMaxDepth)
# What a tree costs, in time and memory, is its nodes: some 0.5 KB each once they are values of ours.
TAGS = 200_000  # opening and closing ones, comments
ATTRIBUTES = 400_000
SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "remove_pis": False,
}  # fmt: skip


class Kept(bytes):
    """The bytes of a document with their tree: whoever parses them gets the same one.

    For a document described, checked and signed in one go: none of these changes it. The usual limits hold.
    """

    @cached_property
    def root(self) -> etree._Element:
        return parse(bytes(self))


def parse(data: bytes, *, limit: int = LIMIT, depth: int = DEPTH) -> etree._Element:
    """The root element of `data`.

    Raises DomainError `xml_refused` (with line and column as its place) when the document is larger than
    `limit` bytes, has more elements or attributes than one to be read, is deeper than `depth`, is not
    well-formed, or carries a DOCTYPE (the door of external and expanding entities).
    """
    if isinstance(data, Kept):
        return data.root
    _check_size(data, limit)
    root = _parsed(data)
    _refuse_doctype(root)
    # The path stops at the first level that is empty: as long as the tree is deep, and no longer.
    if root.xpath("boolean(" + "/*" * (depth + 1) + ")"):
        raise DomainError("Le document XML est trop profond. Il n’a pas été lu.", code="xml_refused")
    return root


def _check_size(data: bytes, limit: int) -> None:
    """Before anything is built: each tag, each attribute has its sign, which base64 hardly ever has."""
    if len(data) > limit:
        raise DomainError(
            f"Le document XML dépasse {limit // 2**20} Mo. Il n’a pas été lu.", code="xml_refused"
        )
    if data.count(b"<") > TAGS or data.count(b"=") > ATTRIBUTES:
        raise DomainError("Le document XML a trop d’éléments. Il n’a pas été lu.", code="xml_refused")


def _parsed(data: bytes) -> etree._Element:
    try:
        return _large(data) if len(data) > LONG else etree.fromstring(data, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise DomainError(
            "Le document XML est mal formé. Il n’a pas été lu.",
            code="xml_refused",
            place=f"ligne {line}, colonne {column}",
        ) from error


def _large(data: bytes) -> etree._Element:
    """A document that may hold a long text, read without libxml2's own limits.

    Those limits are also what stops entities from expanding: the DOCTYPE is looked for first, under them, in
    what comes before the root.
    """
    _refuse_doctype(_opening(data))
    return etree.fromstring(data, etree.XMLParser(**SAFE, huge_tree=True))


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
