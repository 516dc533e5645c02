"""The fixed codes of XDS metadata: ebRIM schemes, confidentiality and masking, format codes by content.

Sources: ANS, value sets of XDS metadata (JDV_J…); JDV_J08 for the masking codes.
"""

from functools import cache
from typing import Final

from jalon.core.errors import DomainError
from jalon.terminology import Coding, concept_map, value_set

RIM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
RS: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
QUERY: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
XDSB: Final = "urn:ihe:iti:xds-b:2007"

STABLE_DOCUMENT: Final = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
SUBMISSION_SET_NODE: Final = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"

# Classification schemes of a DocumentEntry.
AUTHOR: Final = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
CLASS_CODE: Final = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
TYPE_CODE: Final = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
FORMAT_CODE: Final = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
CONFIDENTIALITY: Final = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
FACILITY_TYPE: Final = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
PRACTICE_SETTING: Final = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
EVENT_CODE: Final = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
# External identifiers of a DocumentEntry.
ENTRY_PATIENT_ID: Final = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
ENTRY_UNIQUE_ID: Final = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
# The same for a SubmissionSet.
SET_AUTHOR: Final = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
CONTENT_TYPE: Final = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
SET_PATIENT_ID: Final = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
SET_SOURCE_ID: Final = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
SET_UNIQUE_ID: Final = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

# --- confidentiality -------------------------------------------------------------------------------

CONFIDENTIALITY_OID: Final = "2.16.840.1.113883.5.25"
MASKING_OID: Final = "1.2.250.1.213.1.1.4.13"
NORMAL: Final = Coding(CONFIDENTIALITY_OID, "N", "Normal")
HIDDEN_FROM_PROFESSIONALS: Final = Coding(MASKING_OID, "MASQUE_PS", "Masqué aux professionnels de santé")
HIDDEN_FROM_PATIENT: Final = Coding(MASKING_OID, "INVISIBLE_PATIENT", "Non visible par le patient")
HIDDEN_FROM_GUARDIANS: Final = Coding(
    MASKING_OID,
    "INVISIBLE_REPRESENTANTS_LEGAUX",
    "Non visible par les représentants légaux du patient",
)


def confidentiality(
    base: Coding = NORMAL,
    *,
    from_professionals: bool = False,
    from_patient: bool = False,
    from_guardians: bool = False,
) -> tuple[Coding, ...]:
    """The 1 to 4 confidentiality codes: the document's own, then who it is hidden from (JDV_J08).

    Masking is metadata only: it never goes into the CDA.
    """
    chosen = (
        (from_professionals, HIDDEN_FROM_PROFESSIONALS),
        (from_patient, HIDDEN_FROM_PATIENT),
        (from_guardians, HIDDEN_FROM_GUARDIANS),
    )
    return (base, *(code for wanted, code in chosen if wanted))


# --- format codes ----------------------------------------------------------------------------------

OTHER_FORMAT: Final = Coding(
    "1.2.250.1.213.1.1.4.2.282",
    "urn:asipSante:modelesHorsProfils:2011",
    "Document non référencé IHE ou CI-SIS",
)
UNSTRUCTURED: Final = "1.3.6.1.4.1.19376.1.2.20"


@cache
def format_code(template_ids: tuple[str, ...], media_type: str = "") -> Coding:
    """The formatCode of a CDA: by its body's media type for an N1 (ASS_A12), else by its volet (ASS_A11).

    Raises DomainError `xds_format` when an N1 holds a media type CI-SIS does not list.
    """
    if media_type or UNSTRUCTURED in template_ids:
        return _labelled(_unstructured(media_type))
    by_template = concept_map("ASS_A11")
    found = (coding for template in template_ids for coding in by_template.targets(template))
    return _labelled(next(found, OTHER_FORMAT))


def _unstructured(media_type: str) -> Coding:
    for coding in concept_map("ASS_A12").targets(media_type):
        return coding
    raise DomainError(
        f"Le format « {media_type} » n’est pas admis pour un document non structuré.", code="xds_format"
    )


def _labelled(coding: Coding) -> Coding:
    """The coding with its label: associations have none, and JDV_J60 lacks the formats the DMP refuses."""
    return Coding(coding.system, coding.code, value_set("JDV_J60").label(coding.code))
