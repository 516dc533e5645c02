"""Every XML byte of the house is parsed here: no DOCTYPE, no entity, no network, a bounded size."""

from typing import Any

from lxml import etree

from jalon.core.errors import DomainError

LIMIT = 50 * 2**20


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=False
    )


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
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise DomainError(
            "Le document XML est mal formé. Il n’a pas été lu.",
            code="xml_refused",
            place=f"ligne {line}, colonne {column}",
        ) from error
    docinfo: Any = root.getroottree().docinfo  # the stubs leave out its doctype
    if docinfo.doctype:
        raise DomainError(
            "Le document XML contient une déclaration DOCTYPE, refusée par sécurité.",
            code="xml_refused",
            place="ligne 1",
        )
    return root
