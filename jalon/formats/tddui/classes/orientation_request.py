"""Requests for an orientation (DemandeOrientation): ServiceRequest, profile
tddui-service-request-demande-orientation. No table of the house holds them yet."""

from dataclasses import dataclass
from typing import Any

from jalon.formats.tddui.checks import Check, bind, each, need, refers, refers_to, slices, where
from jalon.formats.tddui.choice import Choice
from jalon.formats.tddui.datatypes import (
    CODED,
    DISCRIMINATOR_URL,
    IDENTIFIER,
    LINK,
    NOTE,
    Discriminated,
    discriminator_of,
    first_code,
    type_codes,
)
from jalon.formats.tddui.fills import keyed_identifier, lacking
from jalon.formats.tddui.frame import Frame, ListOfOne, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, at, extensions, shape
from jalon.formats.tddui.measures import QUANTITY, RANGE, RATIO, Quantity, Range, Ratio
from jalon.formats.tddui.rules_common import discriminated, discriminator, identified, url
from jalon.formats.tddui.timings import TIMING, Timing
from jalon.formats.tddui.urls import CS
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Note, Status

_MAIN = "DEMANDE_ORIENTATION"
_DOCUMENTS = ("demandeOrientation", "depotPoste", "reponseOrientation", "pieceComplementaire")


@dataclass(frozen=True)
class Amount:
    """ServiceRequest.quantity[x]: how much is asked, by its type."""

    quantity: Quantity | None = None
    ratio: Ratio | None = None
    range: Range | None = None


@dataclass(frozen=True)
class Support:
    """ServiceRequest.supportingInfo: what it leads to, and what it is there as (`kinds`: discriminators)."""

    link: Link | None = None
    kinds: tuple[Coded, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrientationRequestData(Item):
    """What was asked of a MDPH. `key`: its identifier DEMANDE_ORIENTATION, `<OID of the MDPH>|<number>`.

    `category`: JDV_J394, the right asked. `code`: JDV_J395, first request or review. `sent`, `answered`: the
    ends of occurrencePeriod; `moment` or `timing` where it says its time otherwise. Documents:
    `requests` (demandeOrientation), `posting` (depotPoste), `answer` (reponseOrientation), `pieces`
    (pieceComplementaire), `others`. `do_not_perform` turns it into its contrary. `if_needed`,
    `if_needed_for`: asNeeded.
    """

    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    intent: str = ""
    category: Coded | None = None
    code: Coded | None = None
    sent: Moment = ""
    answered: Moment = ""
    moment: Moment = ""
    timing: Timing | None = None
    requests: tuple[Link, ...] = ()
    posting: Link | None = None
    answer: Link | None = None
    pieces: tuple[Link, ...] = ()
    others: tuple[Support, ...] = ()
    guidelines: tuple[str, ...] = ()
    guideline_uris: tuple[str, ...] = ()
    based_on: tuple[Link, ...] = ()
    replaces: tuple[Link, ...] = ()
    requisition: Identifier | None = None
    priority: str = ""
    do_not_perform: bool | None = None
    details: tuple[Coded, ...] = ()
    amount: Amount | None = None
    encounter: Link | None = None
    if_needed: bool | None = None
    if_needed_for: Coded | None = None
    authored_on: Moment = ""
    requester: Link | None = None
    performer_type: Coded | None = None
    performers: tuple[Link, ...] = ()
    location_codes: tuple[Coded, ...] = ()
    locations: tuple[Link, ...] = ()
    reasons: tuple[Coded, ...] = ()
    reason_links: tuple[Link, ...] = ()
    insurances: tuple[Link, ...] = ()
    specimens: tuple[Link, ...] = ()
    body_sites: tuple[Coded, ...] = ()
    notes: tuple[Note, ...] = ()
    person_instruction: str = ""
    history: tuple[Link, ...] = ()


class SupportCodec:
    """Reference with discriminators ↔ Support."""

    kinds = extensions(Ext("kinds", DISCRIMINATOR_URL, "valueCodeableConcept", CODED, many=True))

    def read(self, raw: Any) -> Support:
        """The reference, and all that it is there as."""
        found: Json = {"link": LINK.read(raw)}
        self.kinds.read(raw, found)
        return Support(**found)

    def write(self, value: Support) -> Json:
        """The reference, its discriminators first."""
        node: Json = {}
        self.kinds.write(value, node)
        return node | (LINK.write(value.link) if value.link else {})


def _document(field: str, kind: str, *, many: bool = False) -> dict[str, Slice]:
    return {kind: Slice(field, Discriminated(kind, LINK), many)}


SHAPE = shape(
    OrientationRequestData,
    Frame(),
    Many("identifiers", "identifier", IDENTIFIER),
    Many("guidelines", "instantiatesCanonical"),
    Many("guideline_uris", "instantiatesUri"),
    Many("based_on", "basedOn", LINK),
    Many("replaces", "replaces", LINK),
    One("requisition", "requisition", IDENTIFIER),
    Stand("status"),
    One("intent", "intent"),
    One("category", "category", ListOfOne(CODED)),
    One("priority", "priority"),
    One("do_not_perform", "doNotPerform"),
    One("code", "code", CODED),
    Many("details", "orderDetail", CODED),
    Choice(
        "amount",
        shape(
            Amount,
            One("quantity", "quantityQuantity", QUANTITY),
            One("ratio", "quantityRatio", RATIO),
            One("range", "quantityRange", RANGE),
        ),
    ),
    One("person", "subject", LINK),
    One("encounter", "encounter", LINK),
    at("occurrencePeriod", One("sent", "start"), One("answered", "end")),
    One("moment", "occurrenceDateTime"),
    One("timing", "occurrenceTiming", TIMING),
    One("if_needed", "asNeededBoolean"),
    One("if_needed_for", "asNeededCodeableConcept", CODED),
    One("authored_on", "authoredOn"),
    One("requester", "requester", LINK),
    One("performer_type", "performerType", CODED),
    Many("performers", "performer", LINK),
    Many("location_codes", "locationCode", CODED),
    Many("locations", "locationReference", LINK),
    Many("reasons", "reasonCode", CODED),
    Many("reason_links", "reasonReference", LINK),
    Many("insurances", "insurance", LINK),
    Sliced(
        "supportingInfo",
        discriminator_of,
        _document("requests", "demandeOrientation", many=True)
        | _document("posting", "depotPoste")
        | _document("answer", "reponseOrientation")
        | _document("pieces", "pieceComplementaire", many=True),
        Slice("others", SupportCodec(), many=True),
    ),
    Many("specimens", "specimen", LINK),
    Many("body_sites", "bodySite", CODED),
    Many("notes", "note", NOTE),
    One("person_instruction", "patientInstruction"),
    Many("history", "relevantHistory", LINK),
)


def _is_one_thing(support: Json) -> bool:
    kinds = [first_code(found.get("valueCodeableConcept", {})) for found in _discriminators(support)]
    return len(kinds) == 1 or not set(kinds) & set(_DOCUMENTS)


def _discriminators(support: Json) -> list[Json]:
    return [found for found in support.get("extension", ()) if url(found) == DISCRIMINATOR_URL]


RULES: tuple[Check, ...] = (
    *identified(_MAIN),
    need("category", 0, 1),
    bind("category", "jdv-j394-type-demande-compensation-ms"),
    bind("code", "jdv-j395-nature-demande-compensation-ms"),
    refers("subject", "Patient"),
    slices("supportingInfo", discriminator, {"depotPoste": (0, 1), "reponseOrientation": (0, 1)}),
    discriminated("supportingInfo"),
    slices("supportingInfo.extension", url, {DISCRIMINATOR_URL: (0, 4)}),
    each("supportingInfo", _is_one_thing, "Un document de la demande n’a qu’un discriminant."),
    *(where("supportingInfo", discriminator, kind, refers_to("DocumentReference")) for kind in _DOCUMENTS),
)


def _preference(identifier: Json) -> int:
    return int(_MAIN not in type_codes(identifier))


def _filled(request: OrientationRequestData) -> OrientationRequestData:
    """With its key as its main identifier."""
    named = keyed_identifier(request.key, Coded(CS + "tddui-service-request-identifier", _MAIN))
    return lacking(request, identifiers=(named,), status=Status(fhir="active"), intent="plan")


KIND = Kind(
    name="orientation_requests",
    label="demandes d’orientation",
    fhir="ServiceRequest",
    profile="service-request-demande-orientation",
    rank=270,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    preference=_preference,
    fill=_filled,
)
