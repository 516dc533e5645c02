"""What a row born here says in a transfer: identifiers, owner, fixed codes, before its columns are put; then
what a profile requires and no column gives."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.columns_people import CATEGORIES, COG, PROFESSIONS, UNKNOWN_PLACE
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.model_people import RoleCode
from jalon.formats.tddui.model_plans import Activity, AgreementPolicy, PlanAgreement
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
from jalon.formats.tddui.values import Address, Coded, Coding, Identifier, Link, Note, PersonName, Status
from jalon.organizations.families import family_of
from jalon.terminology import value_set

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
CNSA = "https://www.cnsa.fr/"
INS_TYPE_OF = {system.removeprefix("urn:oid:"): name for name, system in INS_TYPES.items()}
TO_BE_AGREED = PlanAgreement("structure", Link(display="Accord de la structure non encore recueilli"))
"""The profile requires the structure's agreement (1..*): until it is given, nothing is invented."""


def _typed(code: str, system: str, display: str = "") -> Coded:
    return Coded(system=system, code=code, display=display)


def _one(system: str, key: str) -> tuple[Identifier, ...]:
    return (Identifier(system=system, value=key),)


# --- the person ---------------------------------------------------------------------------------------------


def local_id(key: str) -> Identifier:
    """The local identifier (PI)."""
    return Identifier(system=LOCAL_ID, value=key, type=_typed("PI", V2_0203), use="usual")


def person(row: Any) -> transfer.PersonData:
    """A person: the local identifier and an official name, filled by the columns."""
    return transfer.PersonData(key=row.key, local_id=local_id(row.key), birth=PersonName(use="official"))


def with_ins(data: transfer.PersonData, matricule: str, oid: str) -> transfer.PersonData:
    """The person with our qualified INS, which is the only official identifier (fr-core-2)."""
    return replace(
        data,
        received_ins=(ins_identifier(matricule, oid),),
        received_reliability=(),
        qualified_ins=True,
        nss=_not_official(data.nss),
        other_identifiers=tuple(map(_not_official, data.other_identifiers)),
        birth_place=data.birth_place or Address(insee=Coding(system=COG, code=UNKNOWN_PLACE)),
    )


def _not_official(identifier: Any) -> Any:
    if identifier is None or identifier.use != "official":
        return identifier
    return replace(identifier, use="secondary")


def ins_identifier(matricule: str, oid: str) -> Identifier:
    """The qualified INS (fr-core-patient-ins); a NIA is temporary."""
    name = INS_TYPE_OF[oid]
    use = "temp" if name == "INS-NIA" else "official"
    return Identifier(system=f"urn:oid:{oid}", value=matricule, type=_typed(name, FR_0203), use=use)


def contact(row: Any, owner: Link) -> transfer.ContactData:
    """A contact."""
    return transfer.ContactData(key=row.key, person=owner, identifiers=_one(LOCAL_ID, row.key))


# --- structures and professionals ---------------------------------------------------------------------------


def structure(key: str, name: str = "", category: str = "") -> transfer.OrganizationData:
    """A structure by its Struct_IdNat, with its category (TRE_R66) when it is a house of ours."""
    identifier = Identifier(system=ID_NAT_STRUCT, value=key, type=_typed("IDNST", FR_0203))
    kind = CATEGORIES.write(category, None)
    return transfer.OrganizationData(
        key=key, national_id=identifier, name=name, types=(kind,) if kind else ()
    )


def professional(row: Any) -> transfer.PractitionerData:
    """A professional by their PS_IdNat, and RPPS when they have one."""
    identifier = Identifier(system=ID_NAT_PS, value=row.key, type=_typed("IDNPS", FR_0203))
    numbers = (Identifier(system=RPPS, value=row.rpps, type=_typed("RPPS", FR_0203)),) if row.rpps else ()
    name = PersonName(use="usual")
    return transfer.PractitionerData(key=row.key, national_id=identifier, rpps=numbers, names=(name,))


def role(row: Any, house: str) -> transfer.RoleData | None:
    """The profession of one of ours in the house whose record goes out; None when JDV_J01 has not that one.

    Its key is the one a reader draws from it.
    """
    if row.received or value_set("JDV_J01").find(row.profession) is None:
        return None
    return transfer.RoleData(
        key=f"{row.key}@{house}#",
        practitioner=Link(to="Practitioner", key=row.key),
        organization=Link(to="Organization", key=house),
        codes=(RoleCode(profession=PROFESSIONS.write(row.profession, None)),),
    )


# --- stays and events ---------------------------------------------------------------------------------------


def file_number(value: str) -> Identifier | None:
    """numeroDossierAdministratifSejour."""
    kind = _typed("NUMDOSS", CS + "tddui-encounter-identifier", "Numéro de dossier administratif du séjour")
    return Identifier(system=STAY_ID, value=value, type=kind) if value else None


def stay(row: Any, owner: Link) -> transfer.StayData:
    """A stay, at home for the services that go there."""
    at_home = family_of(row.record.establishment.category).at_home
    kind = _typed("SEJ", CS + "tddui-encounter-identifier", "Identifiant du séjour")
    return transfer.StayData(
        key=row.key,
        person=owner,
        identifier=Identifier(system=STAY_ID, value=row.key, type=kind),
        status=Status(fhir="in-progress" if row.starts_on else "planned"),
        setting=Coding(system=ACT, code="HH" if at_home else "IMP"),
        provider=Link(to="Organization", key=row.record.establishment.idnat),
    )


def event(row: Any, owner: Link) -> transfer.EventData:
    """An event."""
    kind = _typed("VN", FR_CS + "fr-core-cs-identifier-type")
    return transfer.EventData(
        key=row.key,
        person=owner,
        identifier=Identifier(system=EVENT_ID, value=row.key, type=kind),
        setting=Coding(system=ACT, code="AMB"),
        provider=Link(to="Organization", key=row.record.establishment.idnat),
    )


# --- the personalised project -------------------------------------------------------------------------------


def plan(row: Any, owner: Link) -> transfer.PlanData:
    """A personalised project."""
    return transfer.PlanData(key=row.key, person=owner, identifiers=_one(PLAN_ID, row.key), intent="plan")


def _plan_of(row: Any) -> Link:
    return Link(to="CarePlan", key=row.plan.key)


def expectation(row: Any, owner: Link) -> transfer.ExpectationData:
    """An expectation."""
    return transfer.ExpectationData(
        key=row.key, person=owner, plan=_plan_of(row), identifiers=_one(EXPECTATION_ID, row.key),
        status=Status(fhir="active"),
    )  # fmt: skip


def need(row: Any, owner: Link) -> transfer.NeedData:
    """A need."""
    kind = _typed("BES", CS + "tddui-service-request-identifier")
    return transfer.NeedData(
        key=row.key, person=owner, plan=_plan_of(row), status=Status(fhir="active"), intent="plan",
        identifiers=(Identifier(system=NEED_ID, value=row.key, type=kind),),
    )  # fmt: skip


def goal(row: Any, owner: Link) -> transfer.GoalData:
    """A goal."""
    return transfer.GoalData(
        key=row.key, person=owner, plan=_plan_of(row), identifiers=_one(GOAL_ID, row.key)
    )


def action(row: Any, owner: Link) -> transfer.ActionData:
    """An action."""
    return transfer.ActionData(
        key=row.key, person=owner, plan=_plan_of(row), identifiers=_one(ACTION_ID, row.key), intent="plan"
    )


def agreement(row: Any, owner: Link) -> transfer.AgreementData:
    """An agreement, the person's own unless a column names another signer."""
    return transfer.AgreementData(
        key=row.key, person=owner, status=Status(fhir="active"), identifiers=_one(LOCAL_ID, row.key),
        scope=_typed("patient-privacy", CONSENT_SCOPE, "Privacy Consent"), signers=(owner,),
        categories=(_typed("59284-0", "http://loinc.org"),), policies=(AgreementPolicy(authority=CNSA),),
    )  # fmt: skip


MAKERS: dict[str, Any] = {
    "organizations": lambda row: structure(row.key),
    "practitioners": professional,
    "roles": lambda row: transfer.RoleData(key=row.key),
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

# --- what a profile requires --------------------------------------------------------------------------------


def with_parts(
    data: transfer.PlanData, aims: tuple[Link, ...], acts: Sequence[Link], agreed: Sequence[tuple[Any, Link]]
) -> transfer.PlanData:
    """The plan with links to parts born here."""
    agreements = data.agreements + tuple(PlanAgreement(side, link) for side, link in agreed)
    real = tuple(held for held in agreements if held.agreement != TO_BE_AGREED.agreement)
    waiting = () if any(held.side == "structure" for held in real) else (TO_BE_AGREED,)
    return replace(
        data,
        goals=data.goals + aims,
        activities=data.activities + tuple(Activity(reference=link) for link in acts),
        agreements=real + waiting,
    )


def filled(name: str, data: Any) -> Any:
    """The object with what its profile requires and nobody wrote."""
    fill = FILLS.get(name)
    return fill(data) if fill else data


def _named_person(data: transfer.PersonData) -> transfer.PersonData:
    """An official name has a first name: the first of the list when it stands alone."""
    birth = data.birth
    if birth is None or birth.given or not birth.birth_first_names:
        return data
    return replace(data, birth=replace(birth, given=(birth.birth_first_names.split()[0],)))


def _described(data: transfer.GoalData) -> transfer.GoalData:
    """A goal has a description (R4): its title when nobody wrote more."""
    if data.description or not data.title:
        return data
    return replace(data, description=Coded(text=data.title.text))


def _with_origin(data: transfer.ExpectationData) -> transfer.ExpectationData:
    return data if data.origin else replace(data, origin=Note(text="La personne"))


def _with_status(data: Any) -> Any:
    held = data.status
    return data if held.code or held.fhir else replace(data, status=replace(held, fhir="unknown"))


FILLS: dict[str, Any] = {
    "person": _named_person,
    "goals": _described,
    "expectations": _with_origin,
    "events": _with_status,
    "stays": _with_status,
}
