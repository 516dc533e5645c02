"""Our people and houses as the headers of clinical documents name them."""

import datetime as dt

from jalon.core.identity import UNKNOWN_PLACE, Ins
from jalon.exchange.compose.signed import Signed
from jalon.formats.cda import header as cda
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.staff.models import Professional
from jalon.terminology import Coding, value_set
from jalon.terminology.finess import category

UNKNOWN_PROFESSION = "312"  # TRE_R85 « Autre professionnel »
FINESS_CATEGORIES = "1.2.250.1.213.1.6.1.8"
# JDV_J01 of a social profession (TRE_R85) → its code among the roles the DMP knows (TRE_R94, JDV_J65).
SOCIAL = {"318": "42", "319": "43", "320": "44", "321": "45", "322": "46", "323": "47", "324": "48",
          "325": "49", "326": "51", "327": "52", "328": "53"}  # fmt: skip


def code(coding: Coding) -> cda.Code:
    return cda.Code(coding.code, coding.system, coding.display, coding.system_name)


def qualified_ins(person: Person) -> Ins | None:
    """The INS, only when the identity is qualified (SC.INS/va1.53)."""
    return Ins(person.ins, person.ins_oid) if person.is_qualified else None


def is_known_enough(person: Person) -> bool:
    """May a clinical document be written of this person? (§3.5.3.2: name, first name, date of birth.)"""
    return bool(person.birth_date and person.birth_name and person.first_name)


def patient(signed: Signed, *, local_root: str) -> cda.Patient:
    """The person; the representatives of a minor or of a protected adult, that day, as guardians."""
    person = signed.person
    guardians = [
        cda.Guardian(
            person=cda.PersonName(contact.last_name, contact.first_name), telecoms=_telecoms(contact.phone)
        )
        for contact in signed.contacts
    ]
    guardians += [
        cda.Guardian(organization=cda.Organization(None, measure.holder)) for measure in signed.measures
    ]
    return cda.Patient(
        birth_name=person.birth_name,
        first_name=person.first_name,
        birth_first_names=person.birth_first_names or person.first_name,
        sex=person.sex,
        birth_date=person.birth_date,
        birth_date_precision=person.birth_date_precision,
        # With an INS every trait is mandatory, and RNIV admits 99999 for a place unknown (SC.INS/va1.21).
        birth_place=person.birth_place if person.is_qualified or person.birth_place != UNKNOWN_PLACE else "",
        ins=qualified_ins(person),
        local_ids=(cda.Id(local_root, person.key.replace("/", "-")),),
        used_name=person.used_name,
        used_first_name=person.used_first_name,
        addresses=_addresses(person.address_line, person.postal_code, person.city),
        telecoms=_telecoms(person.phone),
        guardians=tuple(guardians),
    )


def organization(house: Establishment) -> cda.Organization:
    """An establishment, with the practice setting of the field (JDV_J04 ESSMS)."""
    return cda.Organization(
        cda.Id(cda.STRUCTURES, house.idnat),
        house.name,
        telecoms=_telecoms(house.phone),
        addresses=_addresses(house.address_line, house.postal_code, house.city),
        setting=cda.ESSMS,
    )


def entity(professional: Professional, house: Establishment) -> cda.Entity:
    """A professional acting for an establishment."""
    return cda.Entity(
        cda.Id(cda.PROFESSIONALS, professional.key),
        code(profession(professional)),
        cda.PersonName(professional.last_name.upper(), professional.first_name, professional.title),
        organization(house),
    )


def profession(professional: Professional) -> Coding:
    """Their profession (JDV_J01); another professional when it is not told."""
    professions = value_set("JDV_J01")
    known = professional.profession if professional.profession in professions else UNKNOWN_PROFESSION
    return professions.get(known)


def dmp_roles(professional: Professional) -> tuple[Coding, ...]:
    """Their role among those the DMP knows (JDV_J65): profession, specialty, or the role of anybody else."""
    roles = value_set("JDV_J65")
    mine = profession(professional).code
    head, _, specialty = mine.removeprefix("G15_").partition("/")
    head = SOCIAL.get(head, head)
    if head in roles and len(head) <= 2:  # two figures: a profession; three: a role
        found = [roles.get(head)]
        return tuple(found + ([roles.get(specialty)] if specialty in roles else []))
    return (roles.get("99"), *([roles.get(mine)] if mine in roles else []))


def encounter(house: Establishment, since: dt.datetime | None) -> cda.Encounter:
    """The support during which the document was written, in its sector (JDV_J02) and FINESS category."""
    sector = code(value_set("JDV_J02").get(house.sector))
    known = category(house.category) if house.category else None
    if known:
        sector = cda.Code(
            sector.code,
            sector.system,
            sector.display,
            translations=(cda.Code(known.code, FINESS_CATEGORIES, known.label),),
        )
    return cda.Encounter(sector, low=since)


def _addresses(line: str, postal_code: str, city: str) -> tuple[cda.Address, ...]:
    return (
        (cda.Address(lines=tuple(filter(None, (line, f"{postal_code} {city}".strip())))),)
        if line or city
        else ()
    )


def _telecoms(phone: str) -> tuple[cda.Telecom, ...]:
    return (cda.Telecom(f"tel:{phone.replace(' ', '')}"),) if phone else ()
