"""The memory and the rules of the simulated DMP: what a strict registry accepts, refuses, replaces and finds.

Error codes are IHE's (ITI TF-3 §4.2.4). Duplicates follow IHE to the letter: the uniqueId of a *set* may come
once (`XDSDuplicateUniqueIdInRegistry`), whatever it holds; a document known under other bytes is
`XDSNonIdenticalHash`; the same document in another set is registered a second time, as a real registry does.
Nothing is ever merged in silence, and every message received is counted.
"""

import hashlib
import threading
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats import xds
from jalon.formats.xades import Signed
from jalon.formats.xds.model import REPLACES, UPDATE_STATUS
from jalon.gateways.common.vihf import DMP, Vihf

REPOSITORY_ID: Final = "1.2.250.1.213.4.1.1.1.2"
METADATA_ERROR: Final = "XDSRegistryMetadataError"
PatientState = Literal["open", "closed", "opposed"]


class RegistryError(Exception):
    """A RegistryError to answer: its code, and its words."""

    def __init__(self, code: str, context: str) -> None:
        super().__init__(f"{code}: {context}")
        self.code = code
        self.context = context


@dataclass(frozen=True)
class Policy:
    """What this DMP demands. Empty lists demand nothing.

    `types` are the typeCodes it takes (JDV_J66), `classes` the class of each type (ASS_X16), `schemas` a
    folder holding `IHE/XDS.b_DocumentRepository.xsd`, `signed` whether a feed must carry its signature.
    """

    ca_pem: bytes = field(repr=False)
    types: Collection[str] = ()
    classes: Mapping[str, str] = field(default_factory=dict)
    schemas: Path | None = None
    signed: bool = True


@dataclass(frozen=True)
class Incoming:
    """A feed taken apart: metadata, documents by entry id, the VIHF that came with it, what is signed."""

    metadata: xds.Metadata
    documents: Mapping[str, bytes]
    vihf: Vihf
    signed_digests: Mapping[str, str] | None


@dataclass(frozen=True)
class Stored:
    """A registered document."""

    entry: xds.DocumentEntry
    data: bytes = field(repr=False)
    submission_id: str
    structure_id: str


class Registry:
    """The state: patients, documents, sets. Safe for threads."""

    def __init__(self, policy: Policy, patients: Mapping[Ins, PatientState]) -> None:
        self.policy = policy
        self.patients = dict(patients)
        self.stored: list[Stored] = []
        self.submissions: list[str] = []
        self._lock = threading.Lock()

    def feed(self, incoming: Incoming) -> None:
        """Register a feed whole, or raise RegistryError and register nothing."""
        _check_links(incoming)
        for entry in incoming.metadata.entries:
            _check_entry(entry, incoming, self.policy)
        _check_submission(incoming)
        _check_signature(incoming, self.policy)
        with self._lock:
            self._check_patient(incoming.metadata.submission.patient_id)
            self._check_duplicates(incoming)
            replaced = self._replaced(incoming)
            self._deprecate(replaced)
            self._register(incoming)

    def find(self, unique_ids: Collection[str], vihf: Vihf) -> list[xds.DocumentEntry]:
        """The entries of these documents that the asking structure fed (TD3.1b under INDIRECTE)."""
        with self._lock:
            return [
                one.entry
                for one in self.stored
                if one.entry.unique_id in unique_ids and one.structure_id == vihf.structure_id
            ]

    def change_status(self, metadata: xds.Metadata, vihf: Vihf) -> None:
        """ITI-57 on documents the asking structure fed."""
        changes = [link for link in metadata.associations if link.kind == UPDATE_STATUS]
        if not changes:
            raise RegistryError("XDSMetadataUpdateError", "aucun changement demandé")
        with self._lock:
            self._check_patient(metadata.submission.patient_id)
            for link in changes:
                self._change(link, vihf)

    # --- checks under the lock ---------------------------------------------------------------------

    def _check_patient(self, patient: xds.PatientId) -> None:
        ins = patient.ins
        state = self.patients.get(ins) if ins else None
        if state is None or state == "closed":
            raise RegistryError("XDSUnknownPatientId", "aucun DMP ouvert pour ce patient")
        if state == "opposed":
            raise RegistryError("XDSRepositoryError", "le patient s’oppose à l’alimentation de son DMP")

    def _check_duplicates(self, incoming: Incoming) -> None:
        submission = incoming.metadata.submission.unique_id
        if submission in self.submissions:
            raise RegistryError("XDSDuplicateUniqueIdInRegistry", f"SubmissionSet {submission}")
        known = {one.entry.unique_id: one.entry.hash for one in self.stored}
        for entry in incoming.metadata.entries:
            digest = _sha1(incoming.documents[entry.id])
            if known.get(entry.unique_id, digest) != digest:
                raise RegistryError("XDSNonIdenticalHash", f"DocumentEntry {entry.unique_id}")

    def _replaced(self, incoming: Incoming) -> list[str]:
        targets = [link.target for link in incoming.metadata.associations if link.kind == REPLACES]
        for target in targets:
            old = self._stored(target)
            if old is None or not old.entry.patient_id.same_as(incoming.metadata.submission.patient_id):
                raise RegistryError("XDSReplaceFailed", f"{target} inconnu pour ce patient")
            if old.entry.status != xds.APPROVED:
                raise RegistryError("XDSRegistryDeprecatedDocumentError", f"{target} déjà remplacé")
            if old.structure_id != incoming.vihf.structure_id:
                raise RegistryError("XDSReplaceFailed", f"{target} vient d’une autre structure")
        return targets

    def _change(self, link: xds.Association, vihf: Vihf) -> None:
        slots = dict(link.slots)
        old, new = slots.get("OriginalStatus", ("",))[0], slots.get("NewStatus", ("",))[0]
        found = self._stored(link.target)
        if found is None or found.structure_id != vihf.structure_id:
            raise RegistryError("XDSMetadataUpdateError", f"{link.target} inconnu de cette structure")
        if found.entry.status != old or not new:
            raise RegistryError("XDSMetadataUpdateError", f"statut présent : {found.entry.status}")
        self._put(found, new)

    # --- state -------------------------------------------------------------------------------------

    def _stored(self, entry_uuid: str) -> Stored | None:
        return next((one for one in self.stored if one.entry.id == entry_uuid), None)

    def _put(self, stored: Stored, status: str) -> None:
        """A new version of an entry: its entryUUID changes at each update, its logicalId does not."""
        entry = replace(stored.entry, status=status, id=_new_uuid())
        self.stored[self.stored.index(stored)] = replace(stored, entry=entry)

    def _deprecate(self, targets: Sequence[str]) -> None:
        for target in targets:
            if old := self._stored(target):
                self._put(old, xds.DEPRECATED)

    def _register(self, incoming: Incoming) -> None:
        submission = incoming.metadata.submission.unique_id
        self.submissions.append(submission)
        for entry in incoming.metadata.entries:
            data, name = incoming.documents[entry.id], _new_uuid()
            registered = replace(
                entry,
                id=name,
                logical_id=name,
                version="1",
                hash=_sha1(data),
                size=len(data),
                repository_id=REPOSITORY_ID,
                status=xds.APPROVED,
            )
            self.stored.append(Stored(registered, data, submission, incoming.vihf.structure_id))


def _new_uuid() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


# --- checks of one feed ----------------------------------------------------------------------------


def _check_links(incoming: Incoming) -> None:
    """Each entry has its document, each document its entry, no identifier comes twice."""
    entries = {entry.id for entry in incoming.metadata.entries}
    if missing := entries - set(incoming.documents):
        raise RegistryError("XDSMissingDocument", ", ".join(sorted(missing)))
    if extra := set(incoming.documents) - entries:
        raise RegistryError("XDSMissingDocumentMetadata", ", ".join(sorted(extra)))
    identifiers = [entry.unique_id for entry in incoming.metadata.entries]
    if not identifiers or len(set(identifiers)) != len(identifiers):
        raise RegistryError("XDSRepositoryDuplicateUniqueIdInMessage", ", ".join(identifiers))


def _check_submission(incoming: Incoming) -> None:
    """The set is whole, and its authors' structure is the one of the VIHF (EX_2.1-1140)."""
    submission, vihf = incoming.metadata.submission, incoming.vihf
    if missing := submission.missing():
        raise RegistryError(METADATA_ERROR, f"lot sans {', '.join(missing)}")
    institutions = {one.id for author in submission.authors for one in author.institutions}
    if institutions != {vihf.structure_id}:
        raise RegistryError(METADATA_ERROR, "authorInstitution du lot différente de la structure du VIHF")
    if vihf.resource != DMP:
        raise RegistryError(METADATA_ERROR, "Ressource_URN n’est pas urn:dmp")
    if vihf.patient is None or xds.PatientId.of(vihf.patient) != _bare(submission.patient_id):
        raise RegistryError("XDSPatientIdDoesNotMatch", "patient du lot différent de celui du VIHF")


def _bare(patient: xds.PatientId) -> xds.PatientId:
    return replace(patient, since="")


def _check_entry(entry: xds.DocumentEntry, incoming: Incoming, policy: Policy) -> None:
    data = incoming.documents[entry.id]
    if missing := entry.missing():
        raise RegistryError(METADATA_ERROR, f"{entry.id} sans {', '.join(missing)}")
    if not entry.patient_id.same_as(incoming.metadata.submission.patient_id):
        raise RegistryError("XDSPatientIdDoesNotMatch", f"{entry.id} : patient différent de celui du lot")
    if entry.hash and entry.hash != _sha1(data):
        raise RegistryError("XDSRepositoryMetadataError", f"{entry.id} : empreinte fausse")
    if entry.size is not None and entry.size != len(data):
        raise RegistryError("XDSRepositoryMetadataError", f"{entry.id} : taille fausse")
    if not xds.is_signature(entry):
        _check_type(entry, policy)
        _check_document(entry, data)


def _check_type(entry: xds.DocumentEntry, policy: Policy) -> None:
    type_code = entry.type_code.code if entry.type_code else ""
    class_code = entry.class_code.code if entry.class_code else ""
    if policy.types and type_code not in policy.types:
        raise RegistryError(METADATA_ERROR, f"typeCode {type_code} refusé par le DMP")
    if policy.classes.get(type_code, class_code) != class_code:
        raise RegistryError(METADATA_ERROR, f"classCode {class_code} étrangère au type {type_code}")


def _check_document(entry: xds.DocumentEntry, data: bytes) -> None:
    """The document says what its metadata say: identifier, patient, type and format."""
    try:
        own = xds.entry_of(data, class_code=xds.NORMAL)
    except DomainError as error:
        raise RegistryError("XDSRepositoryError", f"{entry.id} : {error.message}") from error
    if own.unique_id != entry.unique_id:
        raise RegistryError(METADATA_ERROR, f"{entry.id} : uniqueId différent de l’id du CDA")
    if not own.patient_id.same_as(entry.patient_id):
        raise RegistryError("XDSPatientIdDoesNotMatch", f"{entry.id} : patient différent de celui du CDA")
    if _codes(own) != _codes(entry):
        raise RegistryError(METADATA_ERROR, f"{entry.id} : type ou format différent de celui du CDA")


def _codes(entry: xds.DocumentEntry) -> list[tuple[str, str]]:
    return [(one.system, one.code) for one in (entry.type_code, entry.format_code) if one]


def _check_signature(incoming: Incoming, policy: Policy) -> None:
    """The signature covers the set and every document, by their very bytes."""
    digests, metadata = incoming.signed_digests, incoming.metadata
    if digests is None:
        if policy.signed:
            raise RegistryError("XDSRepositoryError", "le lot n’est pas signé")
        return
    if metadata.submission.unique_id not in digests:
        raise RegistryError("XDSRepositoryError", "la signature ne porte pas sur ce lot")
    for entry in metadata.entries:
        if xds.is_signature(entry):
            continue
        expected = Signed.document(entry.unique_id, incoming.documents[entry.id])
        if digests.get(entry.unique_id) != expected.digest:
            raise RegistryError("XDSRepositoryError", f"la signature ne porte pas sur {entry.id}")
