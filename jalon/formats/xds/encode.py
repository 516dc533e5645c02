"""XDS metadata → ebRIM: the `lcm:SubmitObjectsRequest` of ITI-41, of ITI-57 and of METADATA.XML alike."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final

from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats.xds import codes, hl7
from jalon.formats.xds.codes import LCM, RIM
from jalon.formats.xds.model import (
    HAS_MEMBER,
    Association,
    Author,
    DocumentEntry,
    SubmissionSet,
    numbered,
)
from jalon.terminology import Coding

MAX_VALUE: Final = 256
MAX_TEXT: Final = 1024
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def submit_objects(
    submission: SubmissionSet,
    entries: Sequence[DocumentEntry] = (),
    associations: Sequence[Association] = (),
) -> etree._Element:
    """The `lcm:SubmitObjectsRequest` of a submission; each entry is made a member of the set.

    Entries without a symbolic id are named as `numbered` does. Raises DomainError `xds_incomplete` when a
    required attribute is missing, `xds_too_long` when a value is longer than ebRIM allows (its name is the
    place).
    """
    entries = numbered(entries)
    _complete(submission.id, submission.missing())
    for entry in entries:
        _complete(entry.id, entry.missing())
    root = etree.Element(f"{{{LCM}}}SubmitObjectsRequest", nsmap={"lcm": LCM, "rim": RIM})
    writer = _Writer(etree.SubElement(root, f"{{{RIM}}}RegistryObjectList"))
    writer.submission(submission)
    for entry in entries:
        writer.entry(entry)
    for association in (*_memberships(submission, entries, associations), *associations):
        writer.association(association)
    return root


def registered(entries: Sequence[DocumentEntry]) -> list[etree._Element]:
    """The ExtrinsicObjects of a registry's answer: whole entries, each with its entryUUID."""
    holder = etree.Element(f"{{{RIM}}}RegistryObjectList", nsmap={"rim": RIM})
    writer = _Writer(holder)
    for entry in entries:
        writer.entry(entry)
    return list(holder)


def _complete(place: str, missing: Sequence[str]) -> None:
    if missing:
        message = f"Il manque à la description du document ou du lot : {', '.join(missing)}."
        raise DomainError(message, code="xds_incomplete", place=place)


def to_bytes(root: etree._Element) -> bytes:
    """An element as a UTF-8 file with its declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _memberships(
    submission: SubmissionSet, entries: Iterable[DocumentEntry], given: Iterable[Association]
) -> list[Association]:
    known = {link.target for link in given if link.kind == HAS_MEMBER}
    return [Association.has_member(submission.id, entry.id) for entry in entries if entry.id not in known]


class _Writer:
    """Writes into one RegistryObjectList; numbers classifications (cla…), identifiers (ei…), links."""

    def __init__(self, objects: etree._Element) -> None:
        self.objects = objects
        self.classifications, self.identifiers, self.associations = count(1), count(1), count(1)

    def submission(self, submission: SubmissionSet) -> None:
        holder = _sub(self.objects, "RegistryPackage", id=submission.id)
        if submission.submission_time:
            _slot(holder, "submissionTime", [hl7.write_instant(submission.submission_time)])
        _slot(holder, "intendedRecipient", submission.intended_recipients)
        _text(holder, "Name", submission.title)
        _text(holder, "Description", submission.comments)
        for author in submission.authors:
            self.author(holder, codes.SET_AUTHOR, author)
        self.classify(holder, codes.CONTENT_TYPE, submission.content_type)
        node = self.classification(holder)
        node.set("classificationNode", codes.SUBMISSION_SET_NODE)
        patient = hl7.write_patient_id(submission.patient_id)
        self.identify(holder, codes.SET_PATIENT_ID, patient, "XDSSubmissionSet.patientId")
        self.identify(holder, codes.SET_SOURCE_ID, submission.source_id, "XDSSubmissionSet.sourceId")
        self.identify(holder, codes.SET_UNIQUE_ID, submission.unique_id, "XDSSubmissionSet.uniqueId")

    def entry(self, entry: DocumentEntry) -> None:
        attributes = {"id": entry.id, "mimeType": entry.mime_type, "objectType": codes.STABLE_DOCUMENT}
        attributes |= {"lid": entry.logical_id} if entry.logical_id else {}
        attributes |= {"status": entry.status} if entry.status else {}
        holder = _sub(self.objects, "ExtrinsicObject", **attributes)
        for name, values in _entry_slots(entry):
            _slot(holder, name, values)
        _text(holder, "Name", entry.title)
        _text(holder, "Description", entry.comments)
        if entry.version:
            _sub(holder, "VersionInfo", versionName=entry.version)
        self.entry_classes(holder, entry)
        patient = hl7.write_patient_id(entry.patient_id)
        self.identify(holder, codes.ENTRY_PATIENT_ID, patient, "XDSDocumentEntry.patientId")
        self.identify(holder, codes.ENTRY_UNIQUE_ID, entry.unique_id, "XDSDocumentEntry.uniqueId")

    def entry_classes(self, holder: etree._Element, entry: DocumentEntry) -> None:
        for author in entry.authors:
            self.author(holder, codes.AUTHOR, author)
        for scheme, coding in (
            (codes.CLASS_CODE, entry.class_code),
            (codes.TYPE_CODE, entry.type_code),
            *((codes.CONFIDENTIALITY, coding) for coding in entry.confidentiality),
            (codes.FORMAT_CODE, entry.format_code),
            (codes.FACILITY_TYPE, entry.facility_type),
            (codes.PRACTICE_SETTING, entry.practice_setting),
            *((codes.EVENT_CODE, coding) for coding in entry.event_codes),
        ):
            self.classify(holder, scheme, coding)

    def classification(self, holder: etree._Element) -> etree._Element:
        identifier = f"cla{next(self.classifications)}"
        return _sub(holder, "Classification", id=identifier, classifiedObject=holder.get("id", ""))

    def classify(self, holder: etree._Element, scheme: str, coding: Coding | None) -> None:
        if coding is None:
            return
        element = self.classification(holder)
        element.set("classificationScheme", scheme)
        element.set("nodeRepresentation", _bounded(coding.code, "nodeRepresentation"))
        _slot(element, "codingScheme", [coding.system])
        _text(element, "Name", coding.display)

    def author(self, holder: etree._Element, scheme: str, author: Author) -> None:
        element = self.classification(holder)
        element.set("classificationScheme", scheme)
        element.set("nodeRepresentation", "")
        _slot(element, "authorPerson", [hl7.write_person(author.person)] if author.person else [])
        _slot(element, "authorRole", [hl7.escape(role) for role in author.roles])
        _slot(element, "authorSpecialty", [hl7.write_specialty(one) for one in author.specialties])
        _slot(element, "authorInstitution", [hl7.write_institution(one) for one in author.institutions])

    def identify(self, holder: etree._Element, scheme: str, value: str, name: str) -> None:
        element = _sub(
            holder,
            "ExternalIdentifier",
            id=f"ei{next(self.identifiers)}",
            identificationScheme=scheme,
            registryObject=holder.get("id", ""),
            value=_bounded(value, name),
        )
        _text(element, "Name", name)

    def association(self, link: Association) -> None:
        element = _sub(
            self.objects,
            "Association",
            id=f"assoc{next(self.associations)}",
            associationType=link.kind,
            sourceObject=link.source,
            targetObject=link.target,
        )
        for name, values in link.slots:
            _slot(element, name, values)


def _entry_slots(entry: DocumentEntry) -> list[tuple[str, Sequence[str]]]:
    patient, source = entry.source_patient_id, entry.source_patient
    signatory = entry.legal_authenticator
    instants = [
        (name, [hl7.write_instant(instant)] if instant else [])
        for name, instant in (
            ("creationTime", entry.creation_time),
            ("serviceStartTime", entry.service_start),
            ("serviceStopTime", entry.service_stop),
        )
    ]
    return [
        ("URI", [entry.uri]),
        *instants,
        ("hash", [entry.hash]),
        ("languageCode", [entry.language]),
        ("legalAuthenticator", [hl7.write_person(signatory)] if signatory else []),
        ("repositoryUniqueId", [entry.repository_id]),
        ("size", [] if entry.size is None else [str(entry.size)]),
        ("sourcePatientId", [hl7.write_patient_id(patient)] if patient else []),
        ("sourcePatientInfo", hl7.write_source_patient(source) if source else []),
        ("urn:ihe:iti:xds:2013:referenceIdList", entry.reference_ids),
    ]


def _sub(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{RIM}}}{tag}", attributes)


def _slot(parent: etree._Element, name: str, values: Iterable[str]) -> None:
    """A slot with the values that are not empty; nothing when there are none."""
    written = [_bounded(value, name) for value in values if value]
    if not written:
        return
    holder = _sub(_sub(parent, "Slot", name=name), "ValueList")
    for value in written:
        _sub(holder, "Value").text = value


def _text(parent: etree._Element, name: str, text: str) -> None:
    if text:
        attributes = {"charset": "UTF8", "value": _bounded(text, name, MAX_TEXT), _LANG: "FR"}
        etree.SubElement(_sub(parent, name), f"{{{RIM}}}LocalizedString", attributes)


def _bounded(value: str, name: str, limit: int = MAX_VALUE) -> str:
    if len(value) > limit:
        raise DomainError(
            f"La métadonnée {name} dépasse {limit} caractères.", code="xds_too_long", place=name
        )
    return value
