"""What a resource must say and an object made in the house may leave unsaid: identifiers from the key, plain
statuses.

An object that was read has all this already (the rules ask for it): nothing is added to it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jalon.core.identity import Ins
from jalon.formats.tddui import model_people as people
from jalon.formats.tddui import model_plans as plans
from jalon.formats.tddui import model_stays as stays
from jalon.formats.tddui.model import Item
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
    STAY_ID,
    V2_0203,
)
from jalon.formats.tddui.values import Coded, Coding, Identifier, Status

_LOCAL = re.compile(r"3[0-9AB]{9}/[^-]+")
_UNKNOWN_CLASS = Coding("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK")
_CONSENT_SCOPE = Coded(
    "http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent"
)
_CONSENT_CATEGORY = Coded("http://loinc.org", "59284-0")
_CONSENT_POLICY = plans.AgreementPolicy(authority="https://www.cnsa.fr/")


def ins_identifier(ins: Ins) -> Identifier:
    """The identifier of a national health identity, of the type and use its authority (OID) commands."""
    system = f"urn:oid:{ins.oid}"
    code = next(name for name, each in INS_TYPES.items() if each == system)
    return Identifier(
        system, ins.matricule, Coded(FR_0203, code), "temp" if code == "INS-NIA" else "official"
    )


def complete(item: Item) -> Item:
    """The object with what its profile requires and it does not say."""
    filled: Item = _FILLERS[type(item)](item) if type(item) in _FILLERS else item
    return filled


def _lacking(item: Any, **wanted: Any) -> Any:
    """The item with these values where it has none."""
    missing = {name: value for name, value in wanted.items() if _is_empty(getattr(item, name))}
    return replace(item, **missing) if missing else item


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == () or value == Status()


def _typed(system: str, value: str, cs: str, code: str) -> Identifier:
    return Identifier(system, value, Coded(cs, code))


def _person(item: people.PersonData) -> Any:
    if not _LOCAL.fullmatch(item.key):
        return item
    return _lacking(item, local_id=_typed(LOCAL_ID, item.key, V2_0203, "PI"))


def _plain(system: str, **more: Any) -> Callable[[Any], Any]:
    return lambda item: _lacking(item, identifiers=(Identifier(system, item.key),), **more)


_FILLERS: dict[type[Any], Callable[[Any], Any]] = {
    people.PersonData: _person,
    people.ContactData: lambda item: _lacking(item, identifiers=(Identifier(value=item.key),)),
    people.OrganizationData: lambda item: _lacking(
        item, national_id=_typed(ID_NAT_STRUCT, item.key, FR_0203, "IDNST")
    ),
    people.PractitionerData: lambda item: _lacking(
        item, national_id=_typed(ID_NAT_PS, item.key, FR_0203, "IDNPS")
    ),
    stays.StayData: lambda item: _lacking(
        item,
        identifier=_typed(STAY_ID, item.key, CS + "tddui-encounter-identifier", "SEJ"),
        status=Status(fhir="unknown"),
        setting=_UNKNOWN_CLASS,
    ),
    stays.EventData: lambda item: _lacking(
        item,
        identifier=_typed(EVENT_ID, item.key, FR_CS + "fr-core-cs-identifier-type", "VN"),
        status=Status(fhir="unknown"),
        setting=_UNKNOWN_CLASS,
    ),
    plans.PlanData: _plain(PLAN_ID, status=Status(fhir="unknown"), intent="plan"),
    plans.ExpectationData: _plain(EXPECTATION_ID, status=Status(fhir="active")),
    plans.GoalData: _plain(GOAL_ID, status=Status(fhir="proposed")),
    plans.ActionData: _plain(ACTION_ID, status=Status(fhir="draft"), intent="plan"),
    plans.NeedData: lambda item: _lacking(
        item,
        identifiers=(_typed(NEED_ID, item.key, CS + "tddui-service-request-identifier", "BES"),),
        status=Status(fhir="active"),
        intent="plan",
    ),
    plans.AgreementData: lambda item: _lacking(
        item,
        status=Status(fhir="active"),
        scope=_CONSENT_SCOPE,
        categories=(_CONSENT_CATEGORY,),
        policies=() if item.policy_rule else (_CONSENT_POLICY,),
    ),
}
