"""The header of a received document → the values of `header`."""

import datetime as dt
import re
from typing import Any, get_args

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.identity import INS_OIDS, DatePrecision, Ins, Sex
from jalon.formats.cda import elements as xml
from jalon.formats.cda.elements import Element, every, instance, maybe, one, qualified, value, words
from jalon.formats.cda.header import (
    Author,
    Device,
    Encounter,
    Entity,
    Guardian,
    Id,
    Informant,
    LegalAuthenticator,
    Organization,
    Patient,
    PersonName,
    Recipient,
    Related,
    RelatedPerson,
    ServiceEvent,
)
from jalon.formats.cda.writer import SOCLE

_BIRTH = re.compile(r"(\d{4})(\d\d)?(\d\d)?", re.ASCII)


def header_fields(document: Element) -> dict[str, Any]:
    """The fields that `Header` and `ReadDocument` share."""
    return {
        "id": instance(one(document, "h:id")),
        "set_id": instance(one(document, "h:setId")),
        "version": xml.number(one(document, "h:versionNumber")),
        "code": xml.code(one(document, "h:code")),
        "title": words(one(document, "h:title")),
        "effective_time": xml.moment(one(document, "h:effectiveTime")),
        "confidentiality": xml.code(one(document, "h:confidentialityCode")),
        "language": value(one(document, "h:languageCode"), "code"),
        "templates": tuple(found for found in _ids(document, "h:templateId") if found not in SOCLE),
        "patient": _patient(one(document, "h:recordTarget/h:patientRole")),
        "custodian": maybe(_organization, one(document, _CUSTODIAN)),
        "related": maybe(_related, one(document, "h:relatedDocument")),
        **_participations(document),
    }


def _participations(document: Element) -> dict[str, Any]:
    authenticator = one(document, "h:legalAuthenticator")
    return {
        "authors": xml.each(_author, every(document, "h:author")),
        "informants": xml.each(_informant, every(document, "h:informant")),
        "recipients": xml.each(_recipient, every(document, "h:informationRecipient/h:intendedRecipient")),
        "legal_authenticator": maybe(_authenticator, authenticator),
        "events": xml.each(_event, every(document, "h:documentationOf/h:serviceEvent")),
        "encounter": maybe(_encounter, one(document, "h:componentOf/h:encompassingEncounter")),
    }


_CUSTODIAN = "h:custodian/h:assignedCustodian/h:representedCustodianOrganization"


def _ids(element: Element | None, path: str = "h:id") -> tuple[Id, ...]:
    return xml.each(instance, every(element, path))


def _contact(element: Element | None) -> dict[str, Any]:
    return {
        "addresses": xml.each(xml.address, every(element, "h:addr")),
        "telecoms": xml.each(xml.telecom, every(element, "h:telecom")),
    }


# --- the person ------------------------------------------------------------------------------------


def _patient(role: Element | None) -> Patient:
    patient = one(role, "h:patient")
    name = one(patient, "h:name")
    ids = _ids(role)
    ins = next((Ins(found.extension, found.root) for found in ids if found.root in INS_OIDS), None)
    birth_date, precision = _birth(value(one(patient, "h:birthTime")))
    return Patient(
        **_names(name),
        sex=_sex(value(one(patient, "h:administrativeGenderCode"), "code")),
        birth_date=birth_date,
        birth_date_precision=precision,
        birth_place=words(one(patient, "h:birthplace/h:place/h:addr/h:county")),
        birth_place_name=words(one(patient, "h:birthplace/h:place/h:name")),
        ins=ins,
        local_ids=tuple(found for found in ids if found.root not in INS_OIDS),
        guardians=xml.each(_guardian, every(patient, "h:guardian")),
        **_contact(role),
    )


def _names(name: Element | None) -> dict[str, Any]:
    """SP, the old qualifier of the name in use, is still met in replies of the DMP."""
    return {
        "birth_name": qualified(name, "family", "BR", None),
        "used_name": qualified(name, "family", "CL", "SP"),
        "birth_first_names": qualified(name, "given", None),
        "first_name": qualified(name, "given", "BR"),
        "used_first_name": qualified(name, "given", "CL", "SP"),
    }


def _sex(code: str) -> Sex | None:
    code = "U" if code == "UN" else code
    return next((sex for sex in get_args(Sex) if sex == code), None)


def _birth(text: str) -> tuple[dt.date | None, DatePrecision]:
    """The local date of birth and how much of it is known; an hour of birth is left aside."""
    found = _BIRTH.match(text)
    if not found:
        return None, "day"
    year, month, day = (int(part or 0) or None for part in found.groups())
    partial = PartialDate(year or 0, month, day)
    try:
        return partial.completed(), partial.precision
    except DomainError:  # no calendar has that day: as good as unknown
        return None, "day"


def _guardian(element: Element) -> Guardian:
    return Guardian(
        person=maybe(xml.person_name, one(element, "h:guardianPerson")),
        organization=maybe(_organization, one(element, "h:guardianOrganization")),
        **_contact(element),
    )


# --- roles -----------------------------------------------------------------------------------------


def _organization(element: Element) -> Organization:
    return Organization(
        id=next(iter(_ids(element)), None),
        name=words(one(element, "h:name")),
        setting=xml.code(one(element, "h:standardIndustryClassCode")),
        **_contact(element),
    )


def _entity(element: Element | None) -> Entity:
    return Entity(
        id=next(iter(_ids(element)), None),
        profession=xml.code(one(element, "h:code")),
        person=maybe(xml.person_name, one(element, "h:assignedPerson")),
        organization=maybe(_organization, one(element, "h:representedOrganization")),
        **_contact(element),
    )


def _author(element: Element) -> Author:
    assigned = one(element, "h:assignedAuthor")
    return Author(
        time=xml.moment(one(element, "h:time")),
        entity=_entity(assigned),
        function=xml.code(one(element, "h:functionCode")),
        device=maybe(_device, one(assigned, "h:assignedAuthoringDevice")),
    )


def _device(element: Element) -> Device:
    return Device(words(one(element, "h:manufacturerModelName")), words(one(element, "h:softwareName")))


def _authenticator(element: Element) -> LegalAuthenticator:
    return LegalAuthenticator(xml.moment(one(element, "h:time")), _entity(one(element, "h:assignedEntity")))


def _informant(element: Element) -> Informant | None:
    related = one(element, "h:relatedEntity")
    if related is None:
        return _entity(one(element, "h:assignedEntity"))
    return RelatedPerson(
        kind=related.get("classCode", ""),
        person=maybe(xml.person_name, one(related, "h:relatedPerson")) or PersonName(""),
        relation=xml.code(one(related, "h:code")),
        **_contact(related),
    )


def _recipient(element: Element) -> Recipient:
    return Recipient(
        id=next(iter(_ids(element)), None),
        person=maybe(xml.person_name, one(element, "h:informationRecipient")),
        organization=maybe(_organization, one(element, "h:receivedOrganization")),
        **_contact(element),
    )


# --- what is documented ----------------------------------------------------------------------------


def _event(element: Element) -> ServiceEvent:
    return ServiceEvent(
        low=xml.moment(one(element, "h:effectiveTime/h:low")),
        high=xml.moment(one(element, "h:effectiveTime/h:high")),
        performer=maybe(_entity, one(element, "h:performer/h:assignedEntity")),
        code=xml.code(one(element, "h:code")),
        ids=_ids(element),
    )


def _related(element: Element) -> Related | None:
    parent = instance(one(element, "h:parentDocument/h:id"))
    return Related(parent, element.get("typeCode", "")) if parent else None


def _encounter(element: Element) -> Encounter:
    facility = one(element, "h:location/h:healthCareFacility")
    return Encounter(
        sector=xml.code(one(facility, "h:code")),
        low=xml.moment(one(element, "h:effectiveTime/h:low")),
        high=xml.moment(one(element, "h:effectiveTime/h:high")),
        kind=xml.code(one(element, "h:code")),
        ids=_ids(element),
        responsible=maybe(_entity, one(element, "h:responsibleParty/h:assignedEntity")),
        place_name=words(one(facility, "h:location/h:name")),
        place_address=maybe(xml.address, one(facility, "h:location/h:addr")),
    )
