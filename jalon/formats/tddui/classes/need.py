"""Needs (Besoin): ServiceRequest, profile tddui-service-request-besoin."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, fixed, need, refers, slices, where
from jalon.formats.tddui.datatypes import ATTACHMENTS, CODED, IDENTIFIER, LINK, NOTE, PERIOD, type_codes
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import Frame, ListOfOne, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Json, Many, One, extensions, shape
from jalon.formats.tddui.rules_common import typed
from jalon.formats.tddui.urls import CS, NEED_ID
from jalon.formats.tddui.values import (
    Coded,
    Identifier,
    Link,
    Moment,
    Note,
    Period,
    Status,
)


@dataclass(frozen=True, kw_only=True)
class NeedData(Item):
    """Besoin: ServiceRequest, profile tddui-service-request-besoin. `key`: `…-BESO-<n>`.

    `plan`: basedOn. `categories`: JDV_J285. `description`: code.text (required). `analyses`:
    analyseProfessionnel (orderDetail.text). `comments`: notes. `attachments`: pieceJointeBesoin.
    """

    person: Link | None = None
    plan: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    intent: str = ""
    priority: str = ""
    categories: tuple[Coded, ...] = ()
    description: Coded | None = None
    analyses: tuple[Coded, ...] = ()
    comments: tuple[Note, ...] = ()
    attachments: tuple[Link, ...] = ()
    encounter: Link | None = None
    occurrence: Moment = ""
    occurrence_period: Period | None = None
    authored_on: Moment = ""
    requester: Link | None = None
    performer_type: Coded | None = None
    performers: tuple[Link, ...] = ()
    reasons: tuple[Coded, ...] = ()
    reason_links: tuple[Link, ...] = ()
    supporting: tuple[Link, ...] = ()
    person_instruction: str = ""
    replaces: tuple[Link, ...] = ()


SHAPE = shape(
    NeedData,
    Frame(),
    extensions(ATTACHMENTS),
    Many("identifiers", "identifier", IDENTIFIER),
    One("plan", "basedOn", ListOfOne(LINK)),
    Many("replaces", "replaces", LINK),
    Stand("status"),
    One("intent", "intent"),
    Many("categories", "category", CODED),
    One("priority", "priority"),
    One("description", "code", CODED),
    Many("analyses", "orderDetail", CODED),
    One("person", "subject", LINK),
    One("encounter", "encounter", LINK),
    One("occurrence", "occurrenceDateTime"),
    One("occurrence_period", "occurrencePeriod", PERIOD),
    One("authored_on", "authoredOn"),
    One("requester", "requester", LINK),
    One("performer_type", "performerType", CODED),
    Many("performers", "performer", LINK),
    Many("reasons", "reasonCode", CODED),
    Many("reason_links", "reasonReference", LINK),
    Many("supporting", "supportingInfo", LINK),
    Many("comments", "note", NOTE),
    One("person_instruction", "patientInstruction"),
)

RULES: tuple[Check, ...] = (
    slices("identifier", typed, {"BES": (1, 1)}),
    where("identifier", typed, "BES", fixed("system", NEED_ID), need("value")),
    need("basedOn", 1, 1),
    refers("basedOn", "CarePlan"),
    need("category", 0, 1),
    bind("category", "JDV_J285"),
    need("code"),
    need("code.text"),
    refers("subject", "Patient"),
)


def _preference(identifier: Json) -> int:
    return int("BES" not in type_codes(identifier))


KIND = Kind(
    name="needs",
    label="besoins",
    fhir="ServiceRequest",
    profile="service-request-besoin",
    rank=100,
    shape=SHAPE,
    rules=RULES,
    system=NEED_ID,
    code="BESO",
    exact=True,
    preference=_preference,
    fill=lambda item: lacking(
        item,
        identifiers=(typed_identifier(NEED_ID, item.key, CS + "tddui-service-request-identifier", "BES"),),
        status=Status(fhir="active"),
        intent="plan",
    ),
)
