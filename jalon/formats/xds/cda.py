"""A document's metadata, read off the CDA that is sent: what the registry indexes is what the document says.

Reads the bytes, not our own header dataclasses, so it also describes a document another product wrote.
Correspondences: CI-SIS annex "Lien entre l'en-tête CDA et les métadonnées XDS".
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import INS_OIDS
from jalon.formats import xml
from jalon.formats.xds import codes, hl7
from jalon.formats.xds.model import (
    Author,
    AuthorPerson,
    DocumentEntry,
    Instant,
    Institution,
    PatientId,
    PatientName,
    SourcePatient,
)
from jalon.terminology import Coding

HL7: Final = "urn:hl7-org:v3"
_NS: Final = {"c": HL7}
_FACILITY: Final = "c:componentOf/c:encompassingEncounter/c:location/c:healthCareFacility/c:code"
_SECTOR: Final = (
    "c:documentationOf/c:serviceEvent/c:performer/c:assignedEntity/"
    "c:representedOrganization/c:standardIndustryClassCode"
)
_BIRTH_QUALIFIERS: Final = ("BR",)
_USED_QUALIFIERS: Final = ("CL", "SP")


def clinical_document(data: bytes) -> etree._Element:
    """The ClinicalDocument in `data`, alone or inside a signature or a stylesheet.

    Raises DomainError `xml_refused`, or `xds_refused` when there is not exactly one.
    """
    root = xml.parse(data)
    if root.tag == f"{{{HL7}}}ClinicalDocument":
        return root
    found = list(root.iter(f"{{{HL7}}}ClinicalDocument"))
    if len(found) != 1:
        raise DomainError("Le fichier n’est pas un document CDA.", code="xds_refused")
    return found[0]


def entry_of(
    data: bytes,
    *,
    class_code: Coding,
    confidentiality: tuple[Coding, ...] = (),
    comments: str = "",
    measured: bool = True,
) -> DocumentEntry:
    """The metadata of a CDA. `class_code` is the class of its type (ASS_X16 for the DMP, ASS_X04 elsewhere).

    `confidentiality` adds masking codes after the document's own. `measured` fills hash and size from `data`.
    Raises DomainError `xml_refused` or `xds_refused` (not a CDA, no identifier, no patient), `xds_format`.
    """
    document = clinical_document(data)
    identifiers = _patient_ids(document)
    service = document.find("c:documentationOf/c:serviceEvent", _NS)
    return DocumentEntry(
        unique_id=_unique_id(document),
        patient_id=identifiers[0],
        source_patient_id=_source_id(identifiers),
        class_code=class_code,
        type_code=_coding(document.find("c:code", _NS)),
        format_code=_format(document),
        facility_type=_coding(document.find(_FACILITY, _NS)),
        practice_setting=_coding(document.find(_SECTOR, _NS)),
        confidentiality=_confidentiality(document, confidentiality),
        authors=tuple(_author(found) for found in document.iterfind("c:author", _NS)),
        title=(document.findtext("c:title", "", _NS)).strip(),
        creation_time=_instant(document, "c:effectiveTime"),
        service_start=_instant(service, "c:effectiveTime/c:low") or _instant(service, "c:effectiveTime"),
        service_stop=_instant(service, "c:effectiveTime/c:high"),
        legal_authenticator=_person(document.find("c:legalAuthenticator/c:assignedEntity", _NS)),
        source_patient=_source_patient(document),
        event_codes=tuple(_event_codes(document)),
        comments=comments,
        language=_attribute(document, "c:languageCode", "code"),
        mime_type=_mime_type(document),
        hash=hashlib.sha1(data, usedforsecurity=False).hexdigest() if measured else "",
        size=len(data) if measured else None,
    )


def _unique_id(document: etree._Element) -> str:
    """The id's root; `root^extension` when it has an extension, which the DMP does not support."""
    root = _attribute(document, "c:id", "root")
    extension = _attribute(document, "c:id", "extension")
    if not root:
        raise DomainError("Le document CDA n’a pas d’identifiant.", code="xds_refused", place="id")
    return f"{root}^{extension}" if extension else root


def _attribute(node: etree._Element | None, path: str, name: str) -> str:
    found = None if node is None else node.find(path, _NS)
    return "" if found is None else found.get(name, "")


def _patient_ids(document: etree._Element) -> list[PatientId]:
    """The patient's identifiers, the INS first when there is one."""
    found = document.findall("c:recordTarget/c:patientRole/c:id", _NS)
    identifiers = [
        PatientId(one.get("extension", ""), one.get("root", ""), _kind(one))
        for one in found
        if one.get("extension")
    ]
    if not identifiers:
        raise DomainError(
            "Le document CDA ne nomme pas son usager.", code="xds_refused", place="recordTarget"
        )
    return sorted(identifiers, key=lambda one: one.kind != "NH")


def _kind(identifier: etree._Element) -> str:
    return "NH" if identifier.get("root") in INS_OIDS else "PI"


def _source_id(identifiers: list[PatientId]) -> PatientId:
    """The local identifier when there is one, else the INS."""
    return next((one for one in identifiers if one.kind == "PI"), identifiers[0])


def _coding(element: etree._Element | None) -> Coding | None:
    if element is None or not element.get("code"):
        return None
    return Coding(element.get("codeSystem", ""), element.get("code", ""), element.get("displayName", ""))


def _format(document: etree._Element) -> Coding:
    templates = tuple(found.get("root", "") for found in document.iterfind("c:templateId", _NS))
    body = document.find("c:component/c:nonXMLBody/c:text", _NS)
    return codes.format_code(templates, "" if body is None else body.get("mediaType", ""))


def _mime_type(document: etree._Element) -> str:
    """`application/xslt+xml` for a document inside its own stylesheet, `text/xml` for all others."""
    root = document.getroottree().getroot()
    return "application/xslt+xml" if etree.QName(root).localname == "stylesheet" else "text/xml"


def _confidentiality(document: etree._Element, masks: tuple[Coding, ...]) -> tuple[Coding, ...]:
    own = _coding(document.find("c:confidentialityCode", _NS))
    return (own or codes.NORMAL, *masks)


def _event_codes(document: etree._Element) -> Iterable[Coding]:
    for found in document.iterfind("c:documentationOf/c:serviceEvent/c:code", _NS):
        if coding := _coding(found):
            yield coding


def _instant(node: etree._Element | None, path: str) -> Instant | None:
    return hl7.read_instant(_attribute(node, path, "value"))


def _author(author: etree._Element) -> Author:
    assigned = author.find("c:assignedAuthor", _NS)
    role = _attribute(author, "c:functionCode", "displayName")
    specialty = None if assigned is None else _coding(assigned.find("c:code", _NS))
    organization = None if assigned is None else assigned.find("c:representedOrganization", _NS)
    institution = _institution(organization)
    return Author(
        person=_person(assigned),
        institutions=(institution,) if institution else (),
        roles=(role,) if role else (),
        specialties=(specialty,) if specialty else (),
    )


def _institution(organization: etree._Element | None) -> Institution | None:
    if organization is None:
        return None
    name = (organization.findtext("c:name", "", _NS)).strip()
    identifier = _attribute(organization, "c:id", "extension")
    return Institution(name, identifier, _attribute(organization, "c:id", "root"))


def _person(assigned: etree._Element | None) -> AuthorPerson | None:
    """The person, patient or system behind an assigned entity; None when it has no identifier."""
    identifier = _attribute(assigned, "c:id", "extension")
    if assigned is None or not identifier:
        return None
    root = _attribute(assigned, "c:id", "root")
    device = assigned.find("c:assignedAuthoringDevice", _NS)
    if device is not None:
        model = (device.findtext("c:manufacturerModelName", "", _NS)).strip()
        return AuthorPerson.system(identifier, model, (device.findtext("c:softwareName", "", _NS)).strip())
    name = assigned.find("c:assignedPerson/c:name", _NS)
    family, given = _names(name)
    if root in INS_OIDS:
        return AuthorPerson(identifier, family, given, authority=root, kind="NH")
    return AuthorPerson.professional(identifier, family, given)


def _names(name: etree._Element | None) -> tuple[str, str]:
    if name is None:
        return "", ""
    return (name.findtext("c:family", "", _NS)).strip(), (name.findtext("c:given", "", _NS)).strip()


def _source_patient(document: etree._Element) -> SourcePatient | None:
    patient = document.find("c:recordTarget/c:patientRole/c:patient", _NS)
    if patient is None:
        return None
    names = [_patient_name(patient, "L", _BIRTH_QUALIFIERS), _patient_name(patient, "D", _USED_QUALIFIERS)]
    written = tuple(name for name in names if name.family)
    return SourcePatient(
        names=written or (PatientName(*_names(patient.find("c:name", _NS)), kind="U"),),
        birth_date=_attribute(patient, "c:birthTime", "value")[:8],
        sex=_attribute(patient, "c:administrativeGenderCode", "code"),
    )


def _patient_name(patient: etree._Element, kind: str, qualifiers: tuple[str, ...]) -> PatientName:
    """The family name of these qualifiers, with the given name of the same, or else the first one."""
    family = _qualified(patient, "family", qualifiers)
    given = _qualified(patient, "given", qualifiers) or (patient.findtext("c:name/c:given", "", _NS))
    return PatientName(family, given.strip(), kind)


def _qualified(patient: etree._Element, name: str, qualifiers: tuple[str, ...]) -> str:
    for found in patient.iterfind(f"c:name/c:{name}", _NS):
        if found.get("qualifier") in qualifiers:
            return (found.text or "").strip()
    return ""
