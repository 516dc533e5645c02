"""Encounter (séjour, évènement) ↔ StayData, EventData."""

from jalon.formats.tddui import model_stays as m
from jalon.formats.tddui.datatypes import CODED, CODING, IDENTIFIER, LINK, PERIOD
from jalon.formats.tddui.frame import EVENT_STATUS, Frame, Stand
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, Slot, at, extensions, shape
from jalon.formats.tddui.urls import EVENT_ID, R5_SD, SD, STAY_ID

PRESENT = SD + "tddui-participant-present"

PARTICIPANT = shape(
    m.Participant,
    extensions(Ext("present", PRESENT, "valueBoolean")),
    Many("roles", "type", CODED),
    One("period", "period", PERIOD),
    One("who", "individual", LINK),
)
PLACE = shape(
    m.Place,
    One("where", "location", LINK),
    One("status", "status"),
    One("physical_type", "physicalType", CODED),
    One("period", "period", PERIOD),
)
STATUS_STEP = shape(m.StatusStep, One("status", "status"), One("period", "period", PERIOD))
DIAGNOSIS = shape(
    m.Diagnosis, One("condition", "condition", LINK), One("use", "use", CODED), One("rank", "rank")
)
RESOURCE_USED = shape(
    m.ResourceUsed,
    extensions(
        Ext("kind", "TDDUIRessourceType", "valueCodeableConcept", CODED),
        Ext("materials", "TDDUIMaterialDetail", "valueCodeableConcept", CODED, many=True),
        Ext("facilities", "TDDUIFacilityResource", "valueCodeableConcept", CODED, many=True),
    ),
)

_WHAT: tuple[Slot, ...] = (
    Many("status_history", "statusHistory", STATUS_STEP),
    One("setting", "class", CODING),
    Many("types", "type", CODED),
    One("service_type", "serviceType", CODED),
    One("priority", "priority", CODED),
    One("person", "subject", LINK),
    Many("episodes", "episodeOfCare", LINK),
    Many("based_on", "basedOn", LINK),
    Many("participants", "participant", PARTICIPANT),
    Many("appointments", "appointment", LINK),
    at("period", One("start", "start"), One("end", "end")),
    Many("reasons", "reasonCode", CODED),
    Many("reason_links", "reasonReference", LINK),
    Many("diagnoses", "diagnosis", DIAGNOSIS),
    Many("accounts", "account", LINK),
)
_WHERE: tuple[Slot, ...] = (
    Many("places", "location", PLACE),
    One("provider", "serviceProvider", LINK),
    at("serviceProvider", extensions(Ext("provider_present", PRESENT, "valueBoolean"))),
    One("part_of", "partOf", LINK),
)
_COMMENTS = Ext("comments", SD + "tddui-comment", "valueString", many=True)


def _stay_identifier(identifier: Json) -> str:
    codes = [coding.get("code", "") for coding in identifier.get("type", {}).get("coding", ())]
    named = next((code for code in ("SEJ", "NUMDOSS") if code in codes), "")
    ours = identifier.get("system") == STAY_ID and "-SEJOUR-" in identifier.get("value", "")
    return named or ("SEJ" if ours and not codes else "")


STAY = shape(
    m.StayData,
    Frame(),
    extensions(
        Ext("admission_date", SD + "tddui-admission-date", "valueDateTime"),
        Ext("entry_mode_label", SD + "tddui-entry-mode-label", "valueString"),
        Ext("exit_mode_label", SD + "tddui-exit-mode-label", "valueString"),
        Ext("planned_start", R5_SD + "Encounter.plannedStartDate", "valueDateTime"),
        Ext("planned_end", R5_SD + "Encounter.plannedEndDate", "valueDateTime"),
        _COMMENTS,
    ),
    Sliced(
        "identifier",
        _stay_identifier,
        {"SEJ": Slice("identifier", IDENTIFIER), "NUMDOSS": Slice("file_number", IDENTIFIER)},
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    Stand("status"),
    *_WHAT,
    at(
        "hospitalization",
        extensions(Ext("origin_entry_date", SD + "tddui-entry-date-origin", "valueDateTime")),
        One("origin_file", "preAdmissionIdentifier", IDENTIFIER),
        One("origin", "origin", LINK),
        One("entry_mode", "admitSource", CODED),
        One("readmission", "reAdmission", CODED),
        Many("diets", "dietPreference", CODED),
        Many("courtesies", "specialCourtesy", CODED),
        Many("arrangements", "specialArrangement", CODED),
        One("destination", "destination", LINK),
        One("exit_mode", "dischargeDisposition", CODED),
    ),
    *_WHERE,
)


def _event_identifier(identifier: Json) -> str:
    return str(identifier.get("system", ""))


EVENT = shape(
    m.EventData,
    Frame(dated=True),
    extensions(
        Ext("resources", SD + "tddui-ressources-used", "", RESOURCE_USED, many=True),
        Ext("report", SD + "tddui-event-report", "valueString"),
        _COMMENTS,
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
    *_WHAT,
    *_WHERE,
)
