"""Profile rules of stays, events, the personal plan and its parts."""

from jalon.formats.tddui.checks import (
    Check,
    bind,
    code_kind,
    each,
    fixed,
    has_code,
    need,
    refers,
    refers_to,
    rule,
    slices,
    where,
)
from jalon.formats.tddui.datatypes import discriminator_of
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.rules_people import typed, url
from jalon.formats.tddui.urls import (
    ABSENT,
    ACTION_ID,
    CISIS,
    EVENT_ID,
    EXPECTATION_ID,
    GOAL_ID,
    NEED_ID,
    PLAN_ID,
    R5_SD,
    SD,
    SERAFIN,
    STAY_ID,
)

PROFESSIONALS = ("Practitioner", "PractitionerRole")


def own(system: str) -> tuple[Check, ...]:
    """One identifier, in that system, with a value."""
    return (
        need("identifier", 1, 1),
        need("identifier.system"),
        need("identifier.value"),
        fixed("identifier.system", system),
    )


def once(*names: str) -> Check:
    """These TDDUI extensions, at most once each."""
    return slices("extension", url, {f"{SD}tddui-{name}": (0, 1) for name in names})


STAY: tuple[Check, ...] = (
    slices("identifier", typed, {"SEJ": (1, 1), "NUMDOSS": (0, 1)}),
    *(
        where("identifier", typed, code, fixed("system", STAY_ID), need("value"))
        for code in ("SEJ", "NUMDOSS")
    ),
    need("subject"),
    refers("subject", "Patient"),
    need("serviceProvider"),
    refers("serviceProvider", "Organization"),
    refers("hospitalization.origin", "Organization"),
    bind("serviceType", "JDV_J226", soft=True),
    once("admission-date", "entry-mode-label", "exit-mode-label", "comment"),
    slices(
        "extension",
        url,
        {f"{R5_SD}Encounter.{name}": (0, 1) for name in ("plannedStartDate", "plannedEndDate")},
    ),
)


def _event_type(concept: Json) -> str:
    systems = [each.get("system", "") for each in concept.get("coding", ())]
    return next((system for system in (CISIS, SERAFIN, ABSENT) if system in systems), "")


def _resources(event: Json) -> list[Json]:
    used = [each for each in event.get("extension", ()) if url(each) == f"{SD}tddui-ressources-used"]
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

    return rule(holds, "extension", f"{part} n’est admis qu’avec une ressource de type {code}.")


EVENT: tuple[Check, ...] = (
    *own(EVENT_ID),
    need("identifier.type"),
    need("class.system"),
    need("class.code"),
    where(
        "type",
        _event_type,
        CISIS,
        need("coding", 1, 1),
        bind("coding.code", "jdv-type-evenement-ssiad-cisis"),
    ),
    where("type", _event_type, SERAFIN, need("coding", 1, 1), bind("coding.code", "JDV_J283", "JDV_J284")),
    where("type", _event_type, ABSENT, need("text"), fixed("coding.code", "not-permitted")),
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


def side(reference: Json) -> str:
    """The discriminator of a supportingInfo."""
    return discriminator_of(reference)


def discriminated(steps: str) -> Check:
    """Every item says by a tddui-discriminator what it is."""
    return each(
        steps, lambda it: bool(discriminator_of(it)), "Il faut un discriminant (tddui-discriminator)."
    )


PLAN: tuple[Check, ...] = (
    *own(PLAN_ID),
    need("category", 0, 1),
    bind("category", "jdv-j367-type-projet-personnalise-ms"),
    need("title"),
    refers("subject", "Patient"),
    slices("supportingInfo", side, {"accordStructure": (1, None)}),
    discriminated("supportingInfo"),
    *(
        where("supportingInfo", side, code, refers_to("Consent"))
        for code in ("accordUsager", "accordStructure")
    ),
    need("note", 0, 1),
)
_PLAN_LINK = slices("extension", url, {f"{SD}tddui-careplan-reference": (1, 1)})
_AIM: tuple[Check, ...] = (
    refers("subject", "Patient"),
    _PLAN_LINK,
    where("extension", url, f"{SD}tddui-careplan-reference", refers("valueReference", "CarePlan")),
    each(
        "target",
        lambda it: "measure" in it or not _detailed(it),
        "Un résultat attendu demande une mesure, ou la raison de son absence (gol-1).",
    ),
)


def _detailed(target: Json) -> bool:
    return any(name.startswith("detail") for name in target)


EXPECTATION: tuple[Check, ...] = (
    *own(EXPECTATION_ID),
    *_AIM,
    slices("note", discriminator_of, {"origineAttente": (1, 1)}),
    discriminated("note"),
)
GOAL: tuple[Check, ...] = (
    *own(GOAL_ID),
    *_AIM,
    refers("expressedBy", *PROFESSIONALS),
    refers("addresses", "ServiceRequest"),
    discriminated("note"),
    slices(
        "note",
        discriminator_of,
        {"titreObjectif": (1, 1), "avisUsagerObjectif": (0, 1), "strategieMiseEnOeuvreObjectif": (0, 1)},
    ),
)
NEED: tuple[Check, ...] = (
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
INPUT = code_kind("type")
ACTION: tuple[Check, ...] = (
    *own(ACTION_ID),
    need("basedOn", 1, 1),
    refers("basedOn", "CarePlan"),
    refers("owner", *PROFESSIONALS),
    slices("input", INPUT, {"titre": (1, 1), "avisUsager": (0, 1), "resultatAttendu": (0, 1)}),
    *(
        where("input", INPUT, code, need("valueString"))
        for code in ("titre", "avisUsager", "resultatAttendu")
    ),
    *(
        where("input", INPUT, code, need("valueReference"), refers("valueReference", target))
        for code, target in (
            ("objectif", "Goal"),
            ("evaluation", "QuestionnaireResponse"),
            ("pieceJointe", "DocumentReference"),
        )
    ),
)
AGREEMENT: tuple[Check, ...] = (
    need("dateTime"),
    need("performer", 1, 1),
    refers("performer", *PROFESSIONALS, "RelatedPerson", "Patient"),
    slices("extension", url, {R5_SD + "Consent.period": (0, 1)}),
)


def own_single(system: str) -> tuple[Check, ...]:
    """The same where FHIR gives the resource a single identifier (QuestionnaireResponse)."""
    return (
        need("identifier"),
        need("identifier.system"),
        need("identifier.value"),
        fixed("identifier.system", system),
    )
