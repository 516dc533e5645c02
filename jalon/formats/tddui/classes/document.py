"""Documents attached to a record (pièces jointes): DocumentReference, profile tddui-document-reference. No
table of the house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need, refers
from jalon.formats.tddui.datatypes import ATTACHMENT, CODED, CODING, IDENTIFIER, LINK, PERIOD
from jalon.formats.tddui.fills import keyed_identifier, lacking
from jalon.formats.tddui.frame import Frame, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Many, One, at, shape
from jalon.formats.tddui.values import (
    Attachment,
    Coded,
    Coding,
    Identifier,
    Link,
    Moment,
    Period,
    Status,
)


@dataclass(frozen=True)
class Content:
    """DocumentReference.content: one rendering of the document. `format`: JDV_J10."""

    attachment: Attachment | None = None
    format: Coding | None = None


@dataclass(frozen=True)
class Relation:
    """DocumentReference.relatesTo: what it does (`code`: replaces, transforms, signs, appends) to another."""

    code: str = ""
    target: Link | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentData(Item):
    """A document attached to a record. `key`: its first identifier (`system|value`), or its content.

    `master`: masterIdentifier. `type`: JDV_J07. `categories`: JDV_J06. `date`: when it was referred to; that
    of the document is in its `contents`, whose title is required. `encounters`… `related`: context.
    `period`: when what it tells happened. `facility`: JDV_J02. `practice`: JDV_J04. `person_then`:
    sourcePatientInfo.
    """

    person: Link | None = None
    master: Identifier | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    document_status: str = ""
    type: Coded | None = None
    categories: tuple[Coded, ...] = ()
    date: Moment = ""
    authors: tuple[Link, ...] = ()
    authenticator: Link | None = None
    custodian: Link | None = None
    relations: tuple[Relation, ...] = ()
    description: str = ""
    security_labels: tuple[Coded, ...] = ()
    contents: tuple[Content, ...] = ()
    encounters: tuple[Link, ...] = ()
    events: tuple[Coded, ...] = ()
    period: Period | None = None
    facility: Coded | None = None
    practice: Coded | None = None
    person_then: Link | None = None
    related: tuple[Link, ...] = ()


CONTENT = shape(Content, One("attachment", "attachment", ATTACHMENT), One("format", "format", CODING))
RELATION = shape(Relation, One("code", "code"), One("target", "target", LINK))
SHAPE = shape(
    DocumentData,
    Frame(),
    One("master", "masterIdentifier", IDENTIFIER),
    Many("identifiers", "identifier", IDENTIFIER),
    Stand("status"),
    One("document_status", "docStatus"),
    One("type", "type", CODED),
    Many("categories", "category", CODED),
    One("person", "subject", LINK),
    One("date", "date"),
    Many("authors", "author", LINK),
    One("authenticator", "authenticator", LINK),
    One("custodian", "custodian", LINK),
    Many("relations", "relatesTo", RELATION),
    One("description", "description"),
    Many("security_labels", "securityLabel", CODED),
    Many("contents", "content", CONTENT),
    at(
        "context",
        Many("encounters", "encounter", LINK),
        Many("events", "event", CODED),
        One("period", "period", PERIOD),
        One("facility", "facilityType", CODED),
        One("practice", "practiceSetting", CODED),
        One("person_then", "sourcePatientInfo", LINK),
        Many("related", "related", LINK),
    ),
)

RULES: tuple[Check, ...] = (
    need("author"),
    need("content"),
    need("content.attachment.title"),
    refers("subject", "Patient"),
)


def _filled(document: DocumentData) -> DocumentData:
    """Its key as its identifier, unless it has none or only its content names it."""
    named = document.master or document.identifiers or "|" not in document.key
    master = None if named else keyed_identifier(document.key)
    return lacking(document, master=master, status=Status(fhir="current"))


KIND = Kind(
    name="documents",
    label="documents",
    fhir="DocumentReference",
    profile="document-reference",
    rank=200,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    fill=_filled,
)
