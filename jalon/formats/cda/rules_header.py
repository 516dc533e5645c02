"""The rules of a header (CI-SIS, Structuration minimale §3.5.3 and §3.5.5)."""

import datetime as dt
import re
from collections.abc import Iterator

from jalon.core.identity import INS_OIDS
from jalon.formats.cda.header import (
    DMP,
    PROFESSIONALS,
    STRUCTURES,
    Author,
    Entity,
    Guardian,
    Header,
    Informant,
    Organization,
    Patient,
    RelatedPerson,
    ServiceEvent,
)
from jalon.formats.cda.rules import Problem, ValueSets, coded, in_time, missing, oid, ordered, telecoms

_TITLE_MAX = 128
_ROLE = "recordTarget/patientRole"
_PATIENT = f"{_ROLE}/patient"
_COG = re.compile(r"(\d\d|2[AB])\d{3}", re.ASCII)
_MATRICULE = re.compile(r"[0-9A-Z]{15}", re.ASCII)
_PS_ID_NAT = re.compile(r"8\d{11}|[01345679][^\s]{1,}", re.ASCII)
# A prefix that says whose number follows: 0 ADELI, 1 FINESS, 2 SIREN, 3 SIRET, 4 RPPS and rank.
_STRUCT_ID_NAT = re.compile(r"0\w{9}\S*|1(\d\d|2[AB])\d{7}|2\d{9}|3\d{14}|4\d{11}\S*", re.ASCII)
_KINDS = ("CON", "NOK", "ECON", "CAREGIVER", "PAT")  # JDV role-informateur, §3.5.5.15.2


def header_problems(header: Header, value_sets: ValueSets | None, *, shared: bool) -> Iterator[Problem]:
    """`shared`: the document goes to the DMP or to the person's space (INS and whole OID mandatory)."""
    yield from _document(header, value_sets)
    yield from _versions(header)
    yield from _patient(header.patient, header.effective_time)
    if shared:
        yield from _sharing(header)
    yield from _participations(header, value_sets)
    yield from _events(header, value_sets)
    yield from _encounter(header, value_sets)


# --- the document ----------------------------------------------------------------------------------


def _document(header: Header, value_sets: ValueSets | None) -> Iterator[Problem]:
    yield from oid("id", header.id)
    yield from oid("setId", header.set_id)
    yield from coded("code", header.code, "Le type du document", value_sets, "JDV_J07")
    yield from in_time("effectiveTime", header.effective_time)
    if not header.title.strip():
        yield missing("title", "Le titre")
    if len(header.title) > _TITLE_MAX:
        yield Problem(
            "title", "title_length", f"Le titre dépasse {_TITLE_MAX} caractères ({len(header.title)})."
        )
    if header.confidentiality.code not in ("N", "R", "V"):
        yield Problem("confidentialityCode/@code", "confidentiality", "La confidentialité est N, R ou V.")
    if header.language != "fr-FR":
        yield Problem("languageCode/@code", "language", "La langue est « fr-FR ».")


def _versions(header: Header) -> Iterator[Problem]:
    """§3.5.5.10: the first version replaces nothing, each next one says what it replaces."""
    related = header.related
    if header.version < 1:
        yield Problem("versionNumber/@value", "version", "Le numéro de version commence à 1.")
    if related is None:
        if header.version > 1:
            yield missing("relatedDocument", "Le document remplacé")
        return
    if related.kind not in ("RPLC", "XFRM"):
        yield Problem("relatedDocument/@typeCode", "related", "Le lien est RPLC ou XFRM.")
    if related.kind == "RPLC" and header.version == 1:
        yield Problem("relatedDocument", "version", "Une première version ne remplace aucun document.")
    if related.id == header.id:
        yield Problem("relatedDocument/parentDocument/id", "related", "Il ne se remplace pas lui-même.")


def _sharing(header: Header) -> Iterator[Problem]:
    if header.patient.ins is None:
        yield missing(f"{_ROLE}/id", "Le matricule INS d’une identité qualifiée")
    if header.id.extension:
        yield Problem("id/@extension", "oid", "Le DMP veut l’OID entier, sans extension (§3.5.5.4).")


# --- the person ------------------------------------------------------------------------------------


def _patient(patient: Patient, written: dt.datetime) -> Iterator[Problem]:
    yield from _known(patient)
    if patient.birth_date and patient.birth_date > written.date():
        yield Problem(f"{_PATIENT}/birthTime", "order", "La naissance est après l’écriture du document.")
    if patient.ins:
        yield from _ins(patient)
    yield from telecoms(_ROLE, patient.telecoms)
    for guardian in patient.guardians:
        yield from _guardian(guardian)


def _known(patient: Patient) -> Iterator[Problem]:
    """§3.5.3.2: what may not be null of anyone."""
    facts = (
        (f"{_ROLE}/id", patient.ins or patient.local_ids, "Un identifiant de la personne"),
        (f"{_PATIENT}/name/family", patient.birth_name or patient.used_name, "Le nom"),
        (f"{_PATIENT}/name/given", _first_name(patient), "Le prénom"),
        (f"{_PATIENT}/administrativeGenderCode", patient.sex, "Le sexe"),
        (f"{_PATIENT}/birthTime", patient.birth_date, "La date de naissance, même partielle,"),
    )
    for place, value, what in facts:
        if not value:
            yield missing(place, what)


def _first_name(patient: Patient) -> str:
    return patient.first_name or patient.birth_first_names or patient.used_first_name


def _ins(patient: Patient) -> Iterator[Problem]:
    """§3.5.5.12: with an INS, every trait is mandatory."""
    ins = patient.ins
    if ins and (ins.oid not in INS_OIDS or not _MATRICULE.fullmatch(ins.matricule)):
        yield Problem(f"{_ROLE}/id", "ins", "Le matricule INS a 15 caractères et un OID de la liste des INS.")
    traits = (
        ("name/family[@qualifier='BR']", patient.birth_name, "Le nom de naissance"),
        ("name/given[not(@qualifier)]", patient.birth_first_names, "La liste des prénoms de naissance"),
        ("name/given[@qualifier='BR']", patient.first_name, "Le premier prénom de naissance"),
        ("birthplace/place/addr/county", patient.birth_place, "Le code du lieu de naissance"),
    )
    for place, value, what in traits:
        if not value:
            yield missing(f"{_PATIENT}/{place}", what)
    if patient.birth_place and not _COG.fullmatch(patient.birth_place):
        yield Problem(f"{_PATIENT}/birthplace/place/addr/county", "cog", "Le code COG a 5 caractères.")
    if not _starts_with(patient.birth_first_names or patient.first_name, patient.first_name):
        yield Problem(f"{_PATIENT}/name/given[@qualifier='BR']", "first_name", "Il doit ouvrir la liste.")


def _starts_with(names: str, first: str) -> bool:
    return not first or f"{names} ".startswith(f"{first} ")


def _guardian(guardian: Guardian) -> Iterator[Problem]:
    place = f"{_PATIENT}/guardian"
    if (guardian.person is None) == (guardian.organization is None):
        yield Problem(place, "guardian", "Un représentant est une personne ou une structure, l’une des deux.")
    yield from telecoms(place, guardian.telecoms)


# --- who took part ---------------------------------------------------------------------------------


def _participations(header: Header, value_sets: ValueSets | None) -> Iterator[Problem]:
    if not header.authors:
        yield missing("author", "Un auteur")
    for author in header.authors:
        yield from _author(author, value_sets)
    for informant in header.informants:
        yield from _informant(informant, value_sets)
    yield from _custodian(header.custodian)
    authenticator = header.legal_authenticator
    yield from in_time("legalAuthenticator/time", authenticator.time)
    yield from _entity("legalAuthenticator/assignedEntity", authenticator.entity, value_sets)


def _author(author: Author, value_sets: ValueSets | None) -> Iterator[Problem]:
    place = "author/assignedAuthor"
    yield from in_time("author/time", author.time)
    if author.function:
        yield from coded("author/functionCode", author.function, "Le rôle", value_sets, "JDV_J47")
    if author.device is None:
        yield from _entity(place, author.entity, value_sets)
        return
    if author.entity.person:
        yield Problem(f"{place}/assignedPerson", "author", "Un système n’est pas une personne.")
    yield from coded(f"{place}/code", author.entity.profession, "Le rôle du système", value_sets, "JDV_J01")
    yield from _structure(f"{place}/representedOrganization", author.entity.organization)


def _entity(place: str, entity: Entity, value_sets: ValueSets | None) -> Iterator[Problem]:
    """§3.5.6.3: a professional has a PS_IdNat, a profession, a structure; the person only their INS."""
    if entity.id is None:
        yield missing(f"{place}/id", "L’identifiant")
        return
    if entity.person is None:
        yield missing(f"{place}/assignedPerson", "Le nom")
    yield from telecoms(place, entity.telecoms)
    if entity.id.root in INS_OIDS:
        if entity.profession or entity.organization:
            yield Problem(place, "author", "La personne n’a ici ni profession ni structure.")
        return
    if entity.id.root == PROFESSIONALS and not _PS_ID_NAT.fullmatch(entity.id.extension):
        yield Problem(
            f"{place}/id/@extension", "ps_id_nat", f"« {entity.id.extension} » n’est pas un PS_IdNat."
        )
    yield from coded(f"{place}/code", entity.profession, "La profession", value_sets, "JDV_J01")
    yield from _structure(f"{place}/representedOrganization", entity.organization)


def _structure(place: str, organization: Organization | None) -> Iterator[Problem]:
    if organization is None or organization.id is None or not organization.name:
        yield missing(place, "La structure, avec son identifiant et son nom,")
        return
    if organization.id.root == STRUCTURES and not _STRUCT_ID_NAT.fullmatch(organization.id.extension):
        number = organization.id.extension
        yield Problem(f"{place}/id/@extension", "struct_id_nat", f"« {number} » n’est pas un Struct_IdNat.")
    yield from telecoms(place, organization.telecoms)


def _custodian(custodian: Organization) -> Iterator[Problem]:
    if custodian.id != DMP.id:
        yield from _structure("custodian/assignedCustodian/representedCustodianOrganization", custodian)


def _informant(informant: Informant, value_sets: ValueSets | None) -> Iterator[Problem]:
    if not isinstance(informant, RelatedPerson):
        return
    place = "informant/relatedEntity"
    if informant.kind not in _KINDS:
        yield Problem(f"{place}/@classCode", "informant", f"Le rôle est l’un de {', '.join(_KINDS)}.")
    if informant.relation:
        yield from coded(f"{place}/code", informant.relation, "Le lien", value_sets, "JDV_J11")
    if not informant.person.family:
        yield missing(f"{place}/relatedPerson/name/family", "Le nom")
    yield from telecoms(place, informant.telecoms)


# --- what is documented ----------------------------------------------------------------------------


def _events(header: Header, value_sets: ValueSets | None) -> Iterator[Problem]:
    if not header.events:
        yield missing("documentationOf", "L’événement documenté")
        return
    yield from _main_event(header.events[0], value_sets)
    for event in header.events:
        yield from ordered("documentationOf/serviceEvent/effectiveTime", event.low, event.high)


def _main_event(event: ServiceEvent, value_sets: ValueSets | None) -> Iterator[Problem]:
    """§3.5.5.22: a start to the minute, and a performer whose structure has its practice setting."""
    place = "documentationOf/serviceEvent"
    yield from in_time(f"{place}/effectiveTime/low", event.low)
    performer = event.performer
    if performer is None or performer.organization is None:
        yield missing(f"{place}/performer", "L’exécutant et sa structure")
        return
    setting = f"{place}/performer/assignedEntity/representedOrganization/standardIndustryClassCode"
    yield from coded(setting, performer.organization.setting, "Le cadre d’exercice", value_sets, "JDV_J04")


def _encounter(header: Header, value_sets: ValueSets | None) -> Iterator[Problem]:
    encounter = header.encounter
    place = "componentOf/encompassingEncounter"
    for name, moment in (("low", encounter.low), ("high", encounter.high)):
        if moment:
            yield from in_time(f"{place}/effectiveTime/{name}", moment, to_the_minute=False)
    yield from ordered(f"{place}/effectiveTime", encounter.low, encounter.high)
    if encounter.kind:
        yield from coded(
            f"{place}/code", encounter.kind, "Le type de prise en charge", value_sets, "JDV_J142"
        )
    sector = f"{place}/location/healthCareFacility/code"
    yield from coded(sector, encounter.sector, "Le secteur d’activité", value_sets, "JDV_J02")
