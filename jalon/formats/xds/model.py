"""The vocabulary of XDS metadata: what describes a document, the set it is sent in, and their links.

Attributes, cardinalities and origins: CI-SIS, Partage de documents de santé; IHE ITI TF-3 §4.2.
Instants are UTC in XDS: aware datetimes here, or dates when only the day is known.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from jalon.core.identity import INS_OIDS, Ins
from jalon.terminology import Coding

PERSON_OID: Final = "1.2.250.1.71.4.2.1"
STRUCTURE_OID: Final = "1.2.250.1.71.4.2.2"

HAS_MEMBER: Final = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
REPLACES: Final = "urn:ihe:iti:2007:AssociationType:RPLC"
TRANSFORMS: Final = "urn:ihe:iti:2007:AssociationType:XFRM"
APPENDS: Final = "urn:ihe:iti:2007:AssociationType:APND"
SIGNS: Final = "urn:ihe:iti:2007:AssociationType:signs"
UPDATE_STATUS: Final = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"

APPROVED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED: Final = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED: Final = "urn:asip:ci-sis:2010:StatusType:Deleted"

Instant = dt.datetime | dt.date


@dataclass(frozen=True)
class PatientId:
    """A patient identifier (CX): `kind` is NH for an INS, PI for a local one; `since` is CX.7, if any."""

    value: str
    authority: str
    kind: str = "NH"
    since: str = ""

    @classmethod
    def of(cls, ins: Ins) -> "PatientId":
        return cls(ins.matricule, ins.oid)

    @property
    def ins(self) -> Ins | None:
        """The INS, when the authority is one of those that assign INS."""
        return Ins(self.value, self.authority) if self.authority in INS_OIDS else None

    def same_as(self, other: "PatientId") -> bool:
        """Whether both name the same patient, whatever the date that follows."""
        return (self.value, self.authority) == (other.value, other.authority)


@dataclass(frozen=True)
class AuthorPerson:
    """A person or a system (XCN). `kind` (XCN.13): IDNPS, EI internal id, RI system, NH patient."""

    id: str
    family: str
    given: str = ""
    authority: str = PERSON_OID
    kind: str = "IDNPS"
    name_type: str = "D"

    @classmethod
    def professional(cls, id_nat: str, family: str, given: str) -> "AuthorPerson":
        """A professional by PS_IdNat; an internal one (`3<FINESS>/<id>`) is told by its slash."""
        return cls(id_nat, family, given, kind="EI" if "/" in id_nat else "IDNPS")

    @classmethod
    def system(cls, id_nat: str, model: str, software: str) -> "AuthorPerson":
        """A piece of software: its model and its name stand for the names."""
        return cls(id_nat, model, software, kind="RI", name_type="U")


@dataclass(frozen=True)
class Institution:
    """An organization (XON): `id` is its Struct_IdNat (1 + FINESS, 3 + SIRET…)."""

    name: str
    id: str
    authority: str = STRUCTURE_OID


@dataclass(frozen=True)
class Author:
    """One author, its organizations, roles (plain text) and specialties."""

    person: AuthorPerson | None
    institutions: tuple[Institution, ...] = ()
    roles: tuple[str, ...] = ()
    specialties: tuple[Coding, ...] = ()


@dataclass(frozen=True)
class PatientName:
    """A name of sourcePatientInfo (PID-5): L birth name, D used name, U unknown."""

    family: str
    given: str
    kind: str = "L"


@dataclass(frozen=True)
class SourcePatient:
    """The traits as the producer knows them. `birth_date` is AAAAMMJJ, or less; `other` are raw PID lines."""

    names: tuple[PatientName, ...]
    birth_date: str = ""
    sex: str = ""
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentEntry:
    """A document's metadata. Codes are None, and texts empty, only when another product left them out.

    `id` is the symbolic name in the message, or the registry's entryUUID in an answer; `hash` is SHA-1 in
    lower-case hexadecimal and `size` a byte count, both of the exact bytes; `uri` is a file name (XDM only).
    """

    unique_id: str
    patient_id: PatientId
    source_patient_id: PatientId | None
    class_code: Coding | None
    type_code: Coding | None
    format_code: Coding | None
    facility_type: Coding | None
    practice_setting: Coding | None
    confidentiality: tuple[Coding, ...]
    authors: tuple[Author, ...]
    title: str
    creation_time: Instant | None
    service_start: Instant | None
    service_stop: Instant | None = None
    legal_authenticator: AuthorPerson | None = None
    source_patient: SourcePatient | None = None
    event_codes: tuple[Coding, ...] = ()
    comments: str = ""
    language: str = "fr-FR"
    mime_type: str = "text/xml"
    hash: str = ""
    size: int | None = None
    uri: str = ""
    reference_ids: tuple[str, ...] = ()
    id: str = ""
    logical_id: str = ""
    version: str = ""
    repository_id: str = ""
    status: str = ""

    @property
    def entry_uuid(self) -> str:
        """The registry's identifier of this version of the entry, '' before registration."""
        return self.id if self.id.startswith("urn:uuid:") else ""

    def missing(self) -> tuple[str, ...]:
        """The names of the attributes CI-SIS requires and this entry lacks (R in its table)."""
        required = {
            "uniqueId": self.unique_id,
            "patientId": self.patient_id.value,
            "sourcePatientId": self.source_patient_id,
            "classCode": self.class_code,
            "typeCode": self.type_code,
            "formatCode": self.format_code,
            "healthcareFacilityTypeCode": self.facility_type,
            "practiceSettingCode": self.practice_setting,
            "confidentialityCode": self.confidentiality,
            "authorPerson": any(author.person for author in self.authors),
            "title": self.title,
            "creationTime": self.creation_time,
            "serviceStartTime": self.service_start,
            "legalAuthenticator": self.legal_authenticator,
            "languageCode": self.language,
            "mimeType": self.mime_type,
        }
        return tuple(name for name, value in required.items() if not value)


@dataclass(frozen=True)
class SubmissionSet:
    """What is sent at once, by whom, for whom. `source_id` is the OID of our application."""

    unique_id: str
    source_id: str
    patient_id: PatientId
    submission_time: dt.datetime | None
    content_type: Coding | None
    authors: tuple[Author, ...]
    title: str = ""
    comments: str = ""
    intended_recipients: tuple[str, ...] = ()
    id: str = "SubmissionSet01"

    def missing(self) -> tuple[str, ...]:
        """The names of the attributes CI-SIS requires and this set lacks."""
        required = {
            "uniqueId": self.unique_id,
            "sourceId": self.source_id,
            "patientId": self.patient_id.value,
            "submissionTime": self.submission_time,
            "contentTypeCode": self.content_type,
            "authorPerson": any(author.person for author in self.authors),
        }
        return tuple(name for name, value in required.items() if not value)


@dataclass(frozen=True)
class Association:
    """A link between two objects of the message, or with one of the registry (its entryUUID)."""

    kind: str
    source: str
    target: str
    slots: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def has_member(cls, submission: str, entry: str) -> "Association":
        return cls(HAS_MEMBER, submission, entry, (("SubmissionSetStatus", ("Original",)),))

    @classmethod
    def replaces(cls, entry: str, old_entry_uuid: str) -> "Association":
        """`entry` cancels and replaces the registered entry `old_entry_uuid`."""
        return cls(REPLACES, entry, old_entry_uuid)

    @classmethod
    def signs(cls, signature: str, submission: str) -> "Association":
        return cls(SIGNS, signature, submission, (("SubmissionSetStatus", ("Original",)),))

    @classmethod
    def status_change(cls, submission: str, entry_uuid: str, *, old: str, new: str) -> "Association":
        """The availability of a registered entry goes from `old` to `new` (ITI-57; TD3.3c, TD3.3d)."""
        slots = (("OriginalStatus", (old,)), ("NewStatus", (new,)))
        return cls(UPDATE_STATUS, submission, entry_uuid, slots)


@dataclass(frozen=True)
class Metadata:
    """A whole submission as read. `warnings` (French) say what was odd and how it was understood."""

    submission: SubmissionSet
    entries: tuple[DocumentEntry, ...]
    associations: tuple[Association, ...] = ()
    warnings: tuple[str, ...] = ()


def numbered(entries: Sequence[DocumentEntry]) -> tuple[DocumentEntry, ...]:
    """The same entries, those without a symbolic id named Document01, Document02…"""
    return tuple(
        entry if entry.id else replace(entry, id=f"Document{rank:02d}")
        for rank, entry in enumerate(entries, start=1)
    )
