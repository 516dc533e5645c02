"""ebRIM → XDS metadata, tolerant to what other products write.

Names are matched without their namespace (some messages have none), classifications are found inside their
object or beside it, unknown slots are ignored, and what is odd becomes a warning instead of a refusal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xml
from jalon.formats.xds import codes, hl7
from jalon.formats.xds.model import (
    Association,
    Author,
    DocumentEntry,
    Instant,
    Metadata,
    SubmissionSet,
)
from jalon.terminology import Coding

MAX_OBJECTS: Final = 2000
_REFERENCE_IDS: Final = "urn:ihe:iti:xds:2013:referenceIdList"
_INSTANT_LENGTHS: Final = 8


def decode(source: etree._Element | bytes) -> Metadata:
    """The submission in a METADATA.XML, a SubmitObjectsRequest, or a message that holds one.

    Raises DomainError `xml_refused` (unreadable) or `xds_refused`: no submission set, a document without
    identifier or patient, more than 2 000 objects.
    """
    root = xml.parse(source) if isinstance(source, bytes) else source
    objects = _objects(root)
    reader = _Reader(_classifications_beside(objects))
    package = _package(objects, reader)
    submission = reader.submission(package)
    entries = tuple(reader.entry(found) for found in objects if _name(found) == "ExtrinsicObject")
    links = tuple(_association(found) for found in objects if _name(found) == "Association")
    return Metadata(submission, entries, links, tuple(reader.warnings))


def decode_entries(source: etree._Element) -> tuple[DocumentEntry, ...]:
    """The documents of a registry's answer (ITI-18), which has no submission set."""
    objects = _objects(source)
    reader = _Reader(_classifications_beside(objects))
    return tuple(reader.entry(found) for found in objects if _name(found) == "ExtrinsicObject")


def _refused(message: str, place: str = "") -> DomainError:
    return DomainError(message, code="xds_refused", place=place)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _name(child) == name)


def _objects(root: etree._Element) -> list[etree._Element]:
    lists = [element for element in root.iter() if _name(element) == "RegistryObjectList"]
    objects = [child for holder in lists for child in holder if isinstance(child.tag, str)]
    if len(objects) > MAX_OBJECTS:
        raise _refused(f"Le lot décrit plus de {MAX_OBJECTS} objets.")
    return objects


def _classifications_beside(objects: Sequence[etree._Element]) -> dict[str, list[etree._Element]]:
    """The classifications written next to their object instead of in it, by the object's id."""
    beside: dict[str, list[etree._Element]] = {}
    for found in objects:
        if _name(found) == "Classification":
            beside.setdefault(found.get("classifiedObject", ""), []).append(found)
    return beside


def _package(objects: Sequence[etree._Element], reader: "_Reader") -> etree._Element:
    """The RegistryPackage that is the submission set; the others are folders, which are left out."""
    packages = [found for found in objects if _name(found) == "RegistryPackage"]
    sets = [found for found in packages if reader.is_submission_set(found)]
    if len(sets) == 1:
        return sets[0]
    if len(packages) != 1 or sets:
        raise _refused("Les métadonnées doivent décrire un lot de soumission et un seul.")
    reader.warnings.append("Le lot de soumission n’est pas classé comme tel ; il a été reconnu quand même.")
    return packages[0]


def _association(element: etree._Element) -> Association:
    slots = tuple((name, tuple(values)) for name, values in _slots(element).items())
    kind = element.get("associationType", "")
    return Association(kind, element.get("sourceObject", ""), element.get("targetObject", ""), slots)


def _slots(element: etree._Element) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = {}
    for slot in _children(element, "Slot"):
        values = [
            (value.text or "").strip()
            for holder in _children(slot, "ValueList")
            for value in _children(holder, "Value")
        ]
        slots.setdefault(slot.get("name", ""), []).extend(values)
    return slots


def _text(element: etree._Element, name: str) -> str:
    for holder in _children(element, name):
        for found in _children(holder, "LocalizedString"):
            return (found.get("value") or "").strip()
    return ""


def _coding(classification: etree._Element) -> Coding:
    system = (_slots(classification).get("codingScheme") or [""])[0]
    return Coding(system, classification.get("nodeRepresentation", ""), _text(classification, "Name"))


def _author(classification: etree._Element) -> Author:
    slots = _slots(classification)
    persons = [hl7.read_person(value) for value in slots.get("authorPerson", ()) if value]
    return Author(
        person=persons[0] if persons else None,
        institutions=tuple(map(hl7.read_institution, filter(None, slots.get("authorInstitution", ())))),
        roles=tuple(map(hl7.unescape, filter(None, slots.get("authorRole", ())))),
        specialties=tuple(map(hl7.read_specialty, filter(None, slots.get("authorSpecialty", ())))),
    )


@dataclass
class _Reader:
    """Reads objects and gathers warnings along the way."""

    beside: dict[str, list[etree._Element]]
    warnings: list[str] = field(default_factory=list)

    def classifications(self, element: etree._Element) -> list[etree._Element]:
        return [*_children(element, "Classification"), *self.beside.get(element.get("id", ""), ())]

    def is_submission_set(self, element: etree._Element) -> bool:
        nodes = (found.get("classificationNode") for found in self.classifications(element))
        return codes.SUBMISSION_SET_NODE in nodes

    def codings(self, element: etree._Element, scheme: str) -> tuple[Coding, ...]:
        found = self.classifications(element)
        return tuple(_coding(one) for one in found if one.get("classificationScheme") == scheme)

    def coding(self, element: etree._Element, scheme: str) -> Coding | None:
        return next(iter(self.codings(element, scheme)), None)

    def authors(self, element: etree._Element, scheme: str) -> tuple[Author, ...]:
        found = self.classifications(element)
        return tuple(_author(one) for one in found if one.get("classificationScheme") == scheme)

    def identifier(self, element: etree._Element, scheme: str, what: str) -> str:
        for found in _children(element, "ExternalIdentifier"):
            if found.get("identificationScheme") == scheme and (value := found.get("value", "").strip()):
                return value
        raise _refused(f"Il manque {what} dans les métadonnées.", element.get("id", ""))

    def instant(self, slots: dict[str, list[str]], name: str, place: str) -> Instant | None:
        text = (slots.get(name) or [""])[0]
        if not text:
            return None
        instant = hl7.read_instant(text)
        if instant is None:
            self.warnings.append(f"{place} : la date {name} est illisible, elle a été laissée de côté.")
        elif len(text) < _INSTANT_LENGTHS:
            self.warnings.append(f"{place} : la date {name} est incomplète, le premier jour a été retenu.")
        return instant

    def submission(self, element: etree._Element) -> SubmissionSet:
        slots, place = _slots(element), element.get("id", "")
        instant = self.instant(slots, "submissionTime", place)
        return SubmissionSet(
            unique_id=self.identifier(element, codes.SET_UNIQUE_ID, "l’identifiant du lot"),
            source_id=self.identifier(element, codes.SET_SOURCE_ID, "l’identifiant de la source du lot"),
            patient_id=hl7.read_patient_id(
                self.identifier(element, codes.SET_PATIENT_ID, "l’identifiant du patient du lot")
            ),
            submission_time=hl7.at_midnight(instant) if instant else None,
            content_type=self.coding(element, codes.CONTENT_TYPE),
            authors=self.authors(element, codes.SET_AUTHOR),
            title=_text(element, "Name"),
            comments=_text(element, "Description"),
            intended_recipients=tuple(slots.get("intendedRecipient", ())),
            id=place,
        )

    def entry(self, element: etree._Element) -> DocumentEntry:
        slots, place = _slots(element), element.get("id", "")

        def first(name: str) -> str:
            return next(iter(slots.get(name, ())), "")

        source_id, source = first("sourcePatientId"), slots.get("sourcePatientInfo", [])
        signatory = first("legalAuthenticator")
        version = next(_children(element, "VersionInfo"), None)
        return DocumentEntry(
            unique_id=self.identifier(element, codes.ENTRY_UNIQUE_ID, "l’identifiant d’un document"),
            patient_id=hl7.read_patient_id(
                self.identifier(element, codes.ENTRY_PATIENT_ID, "l’identifiant du patient d’un document")
            ),
            source_patient_id=hl7.read_patient_id(source_id) if source_id else None,
            class_code=self.coding(element, codes.CLASS_CODE),
            type_code=self.coding(element, codes.TYPE_CODE),
            format_code=self.coding(element, codes.FORMAT_CODE),
            facility_type=self.coding(element, codes.FACILITY_TYPE),
            practice_setting=self.coding(element, codes.PRACTICE_SETTING),
            confidentiality=self.codings(element, codes.CONFIDENTIALITY),
            authors=self.authors(element, codes.AUTHOR),
            title=_text(element, "Name"),
            creation_time=self.instant(slots, "creationTime", place),
            service_start=self.instant(slots, "serviceStartTime", place),
            service_stop=self.instant(slots, "serviceStopTime", place),
            legal_authenticator=hl7.read_person(signatory) if signatory else None,
            source_patient=hl7.read_source_patient(source) if source else None,
            event_codes=self.codings(element, codes.EVENT_CODE),
            comments=_text(element, "Description"),
            language=first("languageCode"),
            mime_type=element.get("mimeType", ""),
            hash=first("hash").lower(),
            size=self.size(first("size"), place),
            uri=_uri(slots.get("URI", [])),
            reference_ids=tuple(slots.get(_REFERENCE_IDS, ())),
            id=place,
            logical_id=element.get("lid", ""),
            version="" if version is None else version.get("versionName", ""),
            repository_id=first("repositoryUniqueId"),
            status=element.get("status", ""),
        )

    def size(self, text: str, place: str) -> int | None:
        if text.isascii() and text.isdecimal() and len(text) < 16:
            return int(text)
        if text:
            self.warnings.append(f"{place} : la taille du document est illisible.")
        return None


def _uri(values: Sequence[str]) -> str:
    """The file name; a long one is cut in numbered pieces, `1|…`, `2|…` (IHE TF-3 §4.2.3.2.27)."""
    if len(values) > 1 and all(value.partition("|")[0].isdecimal() for value in values):
        ordered = sorted(values, key=lambda value: int(value.partition("|")[0]))
        return "".join(value.partition("|")[2] for value in ordered)
    return values[0] if values else ""
