"""Whose documents an IHE_XDM archive holds: all that the simulated operator reads of it."""

import io
import zipfile
from collections.abc import Iterator

from jalon.core.errors import DomainError
from jalon.formats import xml

# XDSDocumentEntry.patientId and XDSSubmissionSet.patientId (IHE ITI TF-3, 4.3.1).
PATIENT_SCHEMES = {
    "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
}
METADATA_LIMIT = 5 * 2**20


def patients(archive: bytes) -> set[str]:
    """The `patientId` of its METADATA.XML files; empty when the archive cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return set(_identifiers(opened))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, DomainError):
        return set()


def _identifiers(opened: zipfile.ZipFile) -> Iterator[str]:
    for entry in opened.infolist():
        if entry.filename.upper().endswith("METADATA.XML") and entry.file_size <= METADATA_LIMIT:
            root = xml.parse(opened.read(entry), limit=METADATA_LIMIT)
            for element in root.iterfind(".//{*}ExternalIdentifier"):
                if element.get("identificationScheme") in PATIENT_SCHEMES:
                    yield str(element.get("value"))
