"""Events (Évènement): Encounter, profile tddui-encounter-evenement."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, fixed, has_code, need, refers, rule, where
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK
from jalon.formats.tddui.encounters import COMMENTS, UNKNOWN_CLASS, WHAT, WHERE, Encounter
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import EVENT_STATUS, Frame, Stand
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Ext, Json, Slice, Sliced, extensions, shape
from jalon.formats.tddui.rules_common import PROFESSIONALS, by_system, once, own, url
from jalon.formats.tddui.urls import ABSENT, CISIS, EVENT_ID, FR_CS, SD, SERAFIN
from jalon.formats.tddui.values import Coded, Link, Status


@dataclass(frozen=True)
class ResourceUsed:
    """tddui-ressources-used: `kind` (ORG-…), `materials` only with ORG-206, `facilities` only with
    ORG-207."""

    kind: Coded | None = None
    materials: tuple[Coded, ...] = ()
    facilities: tuple[Coded, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventData(Encounter):
    """An event (Évènement): Encounter, profile tddui-encounter-evenement. `key`:
    `3<FINESS>/<idLocal>-EVN-<n>`.

    `types`: SSIAD (terminologie-cisis), SERAFIN, or free text (coding data-absent-reason#not-permitted and a
    text).
    `status`: PLANIFIE, VALIDE, TERMINE, ANNULE; `status.reason`: motifNonRealisation; `status.author`.
    `part_of`: the stay. `provider`: structureEnCharge, `provider_present`. `report`: compteRendu. `reason`:
    motif.
    `outside_service`: evenementHorsPrestation. `meal`: the professional's meal. `person_validation`:
    validationUsager.
    """

    label: str = ""
    report: str = ""
    reason: str = ""
    outside_service: bool | None = None
    person_present: bool | None = None
    person_validation: bool | None = None
    meal: bool | None = None
    resources: tuple[ResourceUsed, ...] = ()
    attachments: tuple[Link, ...] = ()


RESOURCE_USED = shape(
    ResourceUsed,
    extensions(
        Ext("kind", "TDDUIRessourceType", "valueCodeableConcept", CODED),
        Ext("materials", "TDDUIMaterialDetail", "valueCodeableConcept", CODED, many=True),
        Ext("facilities", "TDDUIFacilityResource", "valueCodeableConcept", CODED, many=True),
    ),
)


def _event_identifier(identifier: Json) -> str:
    return str(identifier.get("system", ""))


SHAPE = shape(
    EventData,
    Frame(dated=True),
    extensions(
        Ext("resources", SD + "tddui-ressources-used", "", RESOURCE_USED, many=True),
        Ext("report", SD + "tddui-event-report", "valueString"),
        COMMENTS,
        Ext("label", SD + "tddui-event-label", "valueString"),
        Ext("reason", SD + "tddui-event-reason", "valueString"),
        Ext("outside_service", SD + "tddui-outside-service", "valueBoolean"),
        Ext("person_present", SD + "tddui-patient-present", "valueBoolean"),
        Ext("person_validation", SD + "tddui-patient-validation", "valueBoolean"),
        Ext("meal", SD + "tddui-meal", "valueBoolean"),
        Ext("attachments", SD + "tddui-attachment", "valueReference", LINK, many=True),
    ),
    Sliced(
        "identifier",
        _event_identifier,
        {EVENT_ID: Slice("identifier", IDENTIFIER)},
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    Stand("status", EVENT_STATUS, dated=True),
    *WHAT,
    *WHERE,
)


_EVENT_TYPE = by_system(CISIS, SERAFIN, ABSENT)
_RESOURCES = f"{SD}tddui-ressources-used"


def _resources(event: Json) -> list[Json]:
    used = [each for each in event.get("extension", ()) if url(each) == _RESOURCES]
    return [part for each in used for part in each.get("extension", ())]


def _only_with(part: str, code: str) -> Check:
    def holds(event: Json) -> bool:
        parts = _resources(event)
        named = any(
            has_code(each.get("valueCodeableConcept"), code)
            for each in parts
            if url(each) == "TDDUIRessourceType"
        )
        return named or not any(url(each) == part for each in parts)

    without = {"properties": {"extension": {"not": {"contains": url.bears(_RESOURCES)}}}}
    return rule(holds, "extension", f"{part} n’est admis qu’avec une ressource de type {code}.", without)


RULES: tuple[Check, ...] = (
    *own(EVENT_ID),
    need("identifier.type"),
    need("class.system"),
    need("class.code"),
    where(
        "type",
        _EVENT_TYPE,
        CISIS,
        need("coding", 1, 1),
        bind("coding.code", "jdv-type-evenement-ssiad-cisis"),
    ),
    where("type", _EVENT_TYPE, SERAFIN, need("coding", 1, 1), bind("coding.code", "JDV_J283", "JDV_J284")),
    where("type", _EVENT_TYPE, ABSENT, need("text"), fixed("coding.code", "not-permitted")),
    need("subject"),
    refers("subject", "Patient", "Group"),
    need("period"),
    need("period.start"),
    need("period.end"),
    refers("participant.individual", *PROFESSIONALS),
    need("account", 0, 1),
    need("location", 0, 1),
    refers("serviceProvider", "Organization"),
    refers("partOf", "Encounter"),
    once("event-label", "event-report", "outside-service", "event-reason", "patient-present", "meal"),
    once("patient-validation"),
    _only_with("TDDUIMaterialDetail", "ORG-206"),
    _only_with("TDDUIFacilityResource", "ORG-207"),
)

KIND = Kind(
    name="events",
    label="évènements",
    fhir="Encounter",
    profile="encounter-evenement",
    rank=70,
    shape=SHAPE,
    rules=RULES,
    system=EVENT_ID,
    code="EVN",
    fill=lambda item: lacking(
        item,
        identifier=typed_identifier(EVENT_ID, item.key, FR_CS + "fr-core-cs-identifier-type", "VN"),
        status=Status(fhir="unknown"),
        setting=UNKNOWN_CLASS,
    ),
)
