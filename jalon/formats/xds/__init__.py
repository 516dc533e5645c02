"""XDS metadata (IHE XDS.b, CI-SIS "Partage de documents"): dataclasses ⇄ ebRIM.

model.py      DocumentEntry, SubmissionSet, Association and what they are made of
codes.py      ebRIM schemes, confidentiality and masking, formatCode by content
hl7.py        the CX, XCN, XON and DTM texts inside values
encode.py     → lcm:SubmitObjectsRequest (ITI-41, ITI-57, METADATA.XML)
decode.py     ← the same, tolerantly, and registry answers
cda.py        a CDA's own metadata
signature.py  the entry of a submission's signature
"""

from jalon.formats.xds.cda import clinical_document, entry_of
from jalon.formats.xds.codes import (
    HIDDEN_FROM_GUARDIANS,
    HIDDEN_FROM_PATIENT,
    HIDDEN_FROM_PROFESSIONALS,
    NORMAL,
    confidentiality,
    format_code,
)
from jalon.formats.xds.decode import decode, decode_entries
from jalon.formats.xds.encode import registered, submit_objects, to_bytes
from jalon.formats.xds.model import (
    APPROVED,
    ARCHIVED,
    DELETED,
    DEPRECATED,
    Association,
    Author,
    AuthorPerson,
    DocumentEntry,
    Instant,
    Institution,
    Metadata,
    PatientId,
    PatientName,
    SourcePatient,
    SubmissionSet,
    numbered,
)
from jalon.formats.xds.signature import is_signature, signature_entry

__all__ = [
    "APPROVED",
    "ARCHIVED",
    "DELETED",
    "DEPRECATED",
    "HIDDEN_FROM_GUARDIANS",
    "HIDDEN_FROM_PATIENT",
    "HIDDEN_FROM_PROFESSIONALS",
    "NORMAL",
    "Association",
    "Author",
    "AuthorPerson",
    "DocumentEntry",
    "Instant",
    "Institution",
    "Metadata",
    "PatientId",
    "PatientName",
    "SourcePatient",
    "SubmissionSet",
    "clinical_document",
    "confidentiality",
    "decode",
    "decode_entries",
    "entry_of",
    "format_code",
    "is_signature",
    "numbered",
    "registered",
    "signature_entry",
    "submit_objects",
    "to_bytes",
]
