"""The classes of a transfer: which resource and profile each one is, and how to tell one resource from
another."""

from dataclasses import dataclass

from jalon.formats.tddui import map_people, map_plans, map_stays
from jalon.formats.tddui.lens import Json, Shape
from jalon.formats.tddui.urls import (
    ACTION_ID,
    BUSINESS_CODES,
    EVENT_ID,
    EXPECTATION_ID,
    GOAL_ID,
    NEED_ID,
    SD,
    STAY_ID,
)


@dataclass(frozen=True)
class Kind:
    """A class of the model: `name` (the field that holds it), FHIR type, profile id (after `tddui-`), its
    map."""

    name: str
    type: str
    profile: str
    shape: Shape


KINDS = {
    kind.name: kind
    for kind in (
        Kind("organizations", "Organization", "organization", map_people.ORGANIZATION),
        Kind("practitioners", "Practitioner", "practitioner", map_people.PRACTITIONER),
        Kind("roles", "PractitionerRole", "practitioner-role", map_people.ROLE),
        Kind("person", "Patient", "patient", map_people.PERSON),
        Kind("contacts", "RelatedPerson", "related-person-contact", map_people.CONTACT),
        Kind("stays", "Encounter", "encounter-sejour", map_stays.STAY),
        Kind("events", "Encounter", "encounter-evenement", map_stays.EVENT),
        Kind("plans", "CarePlan", "careplan-projet-personnalise", map_plans.PLAN),
        Kind("expectations", "Goal", "goal-attente", map_plans.EXPECTATION),
        Kind("needs", "ServiceRequest", "service-request-besoin", map_plans.NEED),
        Kind("goals", "Goal", "goal-objectif", map_plans.GOAL),
        Kind("actions", "Task", "task-action", map_plans.ACTION),
        Kind("agreements", "Consent", "consent-accord", map_plans.AGREEMENT),
    )
}
BY_CLASS = {kind.shape.cls: kind for kind in KINDS.values()}
SHARED_KINDS = ("organizations", "practitioners", "roles")
"""What belongs to nobody: structures and professionals."""

_BY_PROFILE = {kind.profile: kind.name for kind in KINDS.values()} | {"patient-ins": "person"}
_BY_SYSTEM = {
    STAY_ID: "stays",
    EVENT_ID: "events",
    EXPECTATION_ID: "expectations",
    GOAL_ID: "goals",
    NEED_ID: "needs",
    ACTION_ID: "actions",
}
_BY_TYPE = {
    "Organization": "organizations",
    "Practitioner": "practitioners",
    "PractitionerRole": "roles",
    "Patient": "person",
    "RelatedPerson": "contacts",
    "CarePlan": "plans",
    "Consent": "agreements",
}
_PROFILE_OF_SYSTEM = {
    "EVAL": "questionnaire-response",
    "MORE": "task-moyen-ressource",
    "PRES": "task-prestation",
    "BILA": "task-bilan",
    "PDV": "goal-projet-vie",
    "PSCO": "observation-periode-scolaire",
    "TPPro": "task-transport-professionnel",
    "TPPat": "task-transport-usager",
    "PA": "slot-presence-absence",
    "REPAS": "observation-repas",
}


def declared_profiles(resource: Json) -> list[str]:
    """The TDDUI profile ids (without `tddui-`) that `meta.profile` names."""
    urls = resource.get("meta", {}).get("profile", ())
    names = (url.partition("|")[0].removeprefix(SD) for url in urls if url.startswith(SD))
    return [name.removeprefix("tddui-") for name in names]


def profile_of(resource: Json) -> str:
    """The TDDUI profile id a resource follows: declared, or told by its identifiers or type; `""` if none."""
    if declared := declared_profiles(resource):
        return declared[0]
    if name := _told_by_identifiers(resource):
        return name
    kind = _BY_TYPE.get(resource.get("resourceType", ""), "")
    return KINDS[kind].profile if kind else ""


def _told_by_identifiers(resource: Json) -> str:
    identifiers = resource.get("identifier", [])
    systems = [
        each.get("system", "") for each in (identifiers if isinstance(identifiers, list) else [identifiers])
    ]
    ours = next((_BY_SYSTEM[system] for system in systems if system in _BY_SYSTEM), "")
    if ours:
        return KINDS[ours].profile if KINDS[ours].type == resource.get("resourceType") else ""
    codes = (BUSINESS_CODES.get(system, "") for system in systems)
    return next((_PROFILE_OF_SYSTEM[code] for code in codes if code in _PROFILE_OF_SYSTEM), "")


def kind_of(resource: Json) -> str:
    """The class of the model a resource belongs to, `""` if it is kept verbatim."""
    name = _BY_PROFILE.get(profile_of(resource), "")
    return name if name and KINDS[name].type == resource.get("resourceType") else ""
