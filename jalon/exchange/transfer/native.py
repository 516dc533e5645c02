"""What a row born here says in a transfer before its columns are put: identifiers, owner, fixed codes."""

from typing import Any

from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.urls import (
    ACTION_ID,
    CS,
    EVENT_ID,
    EXPECTATION_ID,
    FR_0203,
    FR_CS,
    GOAL_ID,
    ID_NAT_PS,
    ID_NAT_STRUCT,
    INS_TYPES,
    LOCAL_ID,
    NEED_ID,
    PLAN_ID,
    RPPS,
    STAY_ID,
    V2_0203,
)
from jalon.formats.tddui.values import Coded, Coding, Identifier, Link, Note, PersonName
from jalon.people.models import Person
from jalon.plans.models import Agreement
from jalon.staff.models import Professional

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
CNSA = "https://www.cnsa.fr/"
INS_TYPE_OF = {system.removeprefix("urn:oid:"): name for name, system in INS_TYPES.items()}


def _typed(code: str, system: str, display: str = "") -> Coded:
    return Coded(system=system, code=code, display=display)


def file_number(value: str) -> Identifier | None:
    """numeroDossierAdministratifSejour."""
    kind = _typed("NUMDOSS", CS + "tddui-encounter-identifier", "Numéro de dossier administratif du séjour")
    return Identifier(system=STAY_ID, value=value, type=kind) if value else None


def person(row: Person) -> transfer.PersonData:
    """A person: the local identifier and an official name, filled by the columns."""
    identifier = Identifier(system=LOCAL_ID, value=row.key, type=_typed("PI", V2_0203), use="usual")
    return transfer.PersonData(key=row.key, local_id=identifier, birth=PersonName(use="official"))


def ins_identifier(matricule: str, oid: str) -> Identifier:
    """The qualified INS (fr-core-patient-ins)."""
    kind = _typed(INS_TYPE_OF[oid], FR_0203)
    return Identifier(system=f"urn:oid:{oid}", value=matricule, type=kind, use="official")


def structure(key: str, name: str) -> transfer.OrganizationData:
    """A structure by its Struct_IdNat."""
    identifier = Identifier(system=ID_NAT_STRUCT, value=key, type=_typed("IDNST", FR_0203))
    return transfer.OrganizationData(key=key, national_id=identifier, name=name)


def professional(row: Professional) -> transfer.PractitionerData:
    """A professional by their PS_IdNat, and RPPS when they have one."""
    identifier = Identifier(system=ID_NAT_PS, value=row.key, type=_typed("IDNPS", FR_0203))
    numbers = (Identifier(system=RPPS, value=row.rpps, type=_typed("RPPS", FR_0203)),) if row.rpps else ()
    name = PersonName(use="usual")
    return transfer.PractitionerData(key=row.key, national_id=identifier, rpps=numbers, names=(name,))


def contact(row: Any, owner: Link) -> transfer.ContactData:
    identifier = Identifier(system=LOCAL_ID, value=row.key)
    return transfer.ContactData(key=row.key, person=owner, identifiers=(identifier,), names=(PersonName(),))


def stay(row: Any, owner: Link) -> transfer.StayData:
    kind = _typed("SEJ", CS + "tddui-encounter-identifier", "Identifiant du séjour")
    return transfer.StayData(
        key=row.key,
        person=owner,
        identifier=Identifier(system=STAY_ID, value=row.key, type=kind),
        status=_fhir("finished" if row.ends_on else "in-progress"),
        setting=Coding(system=ACT, code="HH" if row.record.establishment.category != "182" else "AMB"),
        provider=Link(to="Organization", key=row.record.establishment.idnat),
    )


def _fhir(status: str) -> Any:
    from jalon.formats.tddui.values import Status

    return Status(fhir=status)


def event(row: Any, owner: Link) -> transfer.EventData:
    kind = _typed("VN", FR_CS + "fr-core-cs-identifier-type")
    return transfer.EventData(
        key=row.key,
        person=owner,
        identifier=Identifier(system=EVENT_ID, value=row.key, type=kind),
        setting=Coding(system=ACT, code="AMB"),
        provider=Link(to="Organization", key=row.record.establishment.idnat),
    )


def plan(row: Any, owner: Link) -> transfer.PlanData:
    return transfer.PlanData(key=row.key, person=owner, identifiers=_one(PLAN_ID, row.key), intent="plan")


def _one(system: str, key: str) -> tuple[Identifier, ...]:
    return (Identifier(system=system, value=key),)


def _plan_of(row: Any) -> Link:
    return Link(to="CarePlan", key=row.plan.key)


def expectation(row: Any, owner: Link) -> transfer.ExpectationData:
    return transfer.ExpectationData(
        key=row.key, person=owner, plan=_plan_of(row), identifiers=_one(EXPECTATION_ID, row.key),
        status=_fhir("active"), origin=Note(text="La personne"),
    )  # fmt: skip


def need(row: Any, owner: Link) -> transfer.NeedData:
    identifier = Identifier(
        system=NEED_ID, value=row.key, type=_typed("BES", CS + "tddui-service-request-identifier")
    )
    return transfer.NeedData(
        key=row.key,
        person=owner,
        plan=_plan_of(row),
        identifiers=(identifier,),
        status=_fhir("active"),
        intent="plan",
    )


def goal(row: Any, owner: Link) -> transfer.GoalData:
    return transfer.GoalData(
        key=row.key, person=owner, plan=_plan_of(row), identifiers=_one(GOAL_ID, row.key)
    )


def action(row: Any, owner: Link) -> transfer.ActionData:
    return transfer.ActionData(
        key=row.key, person=owner, plan=_plan_of(row), identifiers=_one(ACTION_ID, row.key), intent="plan"
    )


def agreement(row: Agreement, owner: Link) -> transfer.AgreementData:
    from jalon.formats.tddui.model_plans import AgreementPolicy

    return transfer.AgreementData(
        key=row.key, person=owner, status=_fhir("active"), identifiers=_one(LOCAL_ID, row.key),
        scope=_typed("patient-privacy", CONSENT_SCOPE, "Privacy Consent"),
        categories=(_typed("59284-0", "http://loinc.org"),), policies=(AgreementPolicy(authority=CNSA),),
    )  # fmt: skip


MAKERS = {
    "contacts": contact,
    "stays": stay,
    "events": event,
    "plans": plan,
    "expectations": expectation,
    "needs": need,
    "goals": goal,
    "actions": action,
    "agreements": agreement,
}
