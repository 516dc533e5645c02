"""Is this document fit to be sent? Our own rules, pure and quick, and the schema.

The schematrons of the CI-SIS, a second a document, run in the tests only.
"""

import re
import threading
from pathlib import Path
from typing import Any

from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xml
from jalon.formats.cda import elements
from jalon.formats.cda.body import Document
from jalon.formats.cda.elements import Element
from jalon.formats.cda.reader import clinical_document
from jalon.formats.cda.rules import Problem, ValueSets
from jalon.formats.cda.rules_body import body_problems
from jalon.formats.cda.rules_header import header_problems

SCHEMA = "CDA_extended.xsd"

__all__ = ["SCHEMA", "Problem", "Schema", "check"]


def check(document: Document, *, value_sets: ValueSets | None = None, shared: bool = False) -> list[Problem]:
    """What our rules hold against `document`; empty when nothing.

    `value_sets` (`jalon.terminology.value_set`) also checks the codes against the lists of the CI-SIS.
    `shared`: the document goes to the DMP or to the person, so the INS and a whole OID are mandatory.
    """
    header = list(header_problems(document.header, value_sets, shared=shared))
    return header + list(body_problems(document.body, document.header))


class Schema:
    """The CDA schema of the CI-SIS, compiled once (0.1 s) from the folder that holds CDA_extended.xsd."""

    def __init__(self, folder: Path) -> None:
        """Raises DomainError `no_schema` when the folder has no such schema."""
        try:
            self._schema = etree.XMLSchema(etree.parse(folder / SCHEMA))
        except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
            raise DomainError(
                "Le schéma CDA est absent ou illisible. Indiquez le dossier du kit CI-SIS dans les réglages.",
                code="no_schema",
                place=SCHEMA,
            ) from error
        self._lock = threading.Lock()  # the error log belongs to the schema, not to the call

    def problems(self, data: bytes) -> list[Problem]:
        """What the schema holds against the ClinicalDocument in `data`, whatever wraps it.

        Raises DomainError `xml_refused` or `not_a_cda`.
        """
        document = clinical_document(xml.parse(data))
        with self._lock:
            if self._schema.validate(document):
                return []
            log: Any = self._schema.error_log
            return [Problem(_place(document, error.path), "schema", error.message) for error in log]


def _place(document: Element, path: str | None) -> str:
    """libxml2 numbers the elements of a default namespace (`/*/*[11]`): name them."""
    ranks = [int(rank or 1) for rank in re.findall(r"/\*(?:\[(\d+)\])?", path or "")]
    element = document
    for rank in ranks[1:]:
        children = [child for child in element if isinstance(child.tag, str)]
        if rank > len(children):
            return path or ""
        element = children[rank - 1]
    return elements.path(element)
