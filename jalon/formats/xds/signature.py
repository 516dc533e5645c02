"""The entry that describes a submission's signature: the second document of a TD2.1 of the DMP."""

import datetime as dt
from typing import Final

from jalon.formats.xds import codes
from jalon.formats.xds.model import DocumentEntry, SubmissionSet
from jalon.terminology import Coding

SIGNATURE_ID: Final = "Signature01"
CLASS: Final = Coding("URN", "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "Digital Signature")
TYPE: Final = Coding("ASTM", "E1762", "Full Document")
FORMAT: Final = Coding("URN", "http://www.w3.org/2000/09/xmldsig#", "Default Signature Style")
PURPOSE: Final = Coding("1.2.840.10065.1.12", "1.2.840.10065.1.12.1.14", "Source")


def signature_entry(
    submission: SubmissionSet, document: DocumentEntry, *, unique_id: str, at: dt.datetime
) -> DocumentEntry:
    """The entry of the signature of `submission`, made `at` (aware); hidden from professionals and patient.

    Facility, practice setting and signatory are those of `document`, the authors those of the set.
    """
    patient = submission.patient_id
    return DocumentEntry(
        unique_id=unique_id,
        patient_id=patient,
        source_patient_id=patient,
        class_code=CLASS,
        type_code=TYPE,
        format_code=FORMAT,
        facility_type=document.facility_type,
        practice_setting=document.practice_setting,
        confidentiality=codes.confidentiality(from_professionals=True, from_patient=True),
        authors=submission.authors,
        title=PURPOSE.display,
        creation_time=at,
        service_start=at,
        service_stop=at,
        legal_authenticator=document.legal_authenticator,
        event_codes=(PURPOSE,),
        language="art",
        id=SIGNATURE_ID,
    )


def is_signature(entry: DocumentEntry) -> bool:
    """Whether an entry describes a submission's signature."""
    return entry.type_code is not None and entry.type_code.code == TYPE.code
