"""What a registry indexes is what the document says: metadata read off a CDA."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xds
from jalon.terminology import concept_map, value_set
from tests.formats.xds_samples import HOUSE, NOW, NURSE, NURSE_SPECIALTY, PATIENT, PLAN, PLAN_CLASS, cda
from tests.support import SHARED, needs_shared

EXAMPLES = SHARED / "standards/cda/exemples"


def test_a_plan_gives_all_its_metadata() -> None:
    data = cda()
    found = xds.entry_of(data, class_code=PLAN_CLASS)
    assert found.missing() == ()
    assert found.unique_id == "1.2.250.1.999.1.4.1"
    assert found.patient_id == xds.PatientId.of(PATIENT)
    assert found.source_patient_id == xds.PatientId("U-1", "1.2.250.1.999.1.2", "PI")
    assert (found.type_code, found.class_code) == (PLAN, PLAN_CLASS)
    assert found.authors == (xds.Author(NURSE, (HOUSE,), (), (NURSE_SPECIALTY,)),)
    assert found.legal_authenticator == NURSE
    assert (found.hash, found.size) == (hashlib.sha1(data, usedforsecurity=False).hexdigest(), len(data))


def test_local_times_become_utc_and_a_day_stays_a_day() -> None:
    found = xds.entry_of(cda(), class_code=PLAN_CLASS)
    assert found.creation_time == dt.datetime(2026, 11, 22, 9, 15, tzinfo=dt.UTC)
    assert found.service_start == NOW.date()


def test_birth_and_used_names_are_told_apart() -> None:
    found = xds.entry_of(cda(), class_code=PLAN_CLASS).source_patient
    assert found == xds.SourcePatient(
        (xds.PatientName("PAT-TROIS", "DOMINIQUE", "L"), xds.PatientName("EXEMPLE", "DOMINIQUE", "D")),
        "19790328",
        "F",
    )


def test_masking_is_added_without_touching_the_document() -> None:
    masks = xds.confidentiality(from_patient=True)[1:]
    found = xds.entry_of(cda(), class_code=PLAN_CLASS, confidentiality=masks)
    assert found.confidentiality == (xds.NORMAL, xds.HIDDEN_FROM_PATIENT)


def test_a_system_and_a_patient_may_be_authors() -> None:
    device = (
        b"<author><functionCode displayName='r\xc3\xa9dacteur'/><assignedAuthor>"
        b'<id root="1.2.250.1.71.4.2.1" extension="3750001234/1"/>'
        b"<assignedAuthoringDevice><manufacturerModelName>M</manufacturerModelName>"
        b"<softwareName>S</softwareName></assignedAuthoringDevice></assignedAuthor></author>"
        b'<author><assignedAuthor><id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>'
        b"<assignedPerson><name><family>PAT-TROIS</family><given>DOMINIQUE</given></name></assignedPerson>"
        b"</assignedAuthor></author><author>"
    )
    machine, patient, _ = xds.entry_of(cda().replace(b"<author>", device, 1), class_code=PLAN_CLASS).authors
    assert machine == xds.Author(xds.AuthorPerson.system("3750001234/1", "M", "S"), (), ("rédacteur",))
    assert patient.person == xds.AuthorPerson(
        "279035121518989", "PAT-TROIS", "DOMINIQUE", authority="1.2.250.1.213.1.4.10", kind="NH"
    )


def test_a_document_inside_a_signature_is_found() -> None:
    wrapped = etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature")
    wrapped.append(etree.fromstring(cda()))
    data = etree.tostring(wrapped)
    assert xds.entry_of(data, class_code=PLAN_CLASS).unique_id == "1.2.250.1.999.1.4.1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a/>", "xds_refused"),
        (b"%PDF-1.4", "xml_refused"),
        (cda().replace(b'<id root="1.2.250.1.999.1.4.1"/>', b""), "xds_refused"),
        (cda().replace(b"recordTarget", b"recordTargets"), "xds_refused"),
        (cda().replace(b"application/pdf", b"application/zip"), "xds_format"),
    ],
)
def test_what_cannot_be_described_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        xds.entry_of(data, class_code=PLAN_CLASS)
    assert refusal.value.code == code


@needs_shared
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_every_published_document_has_metadata_that_travel(path: Path) -> None:
    data = path.read_bytes()
    code = xds.clinical_document(data).find("{urn:hl7-org:v3}code")
    assert code is not None
    classes = concept_map("ASS_X04").targets(code.get("code", ""))
    found = xds.entry_of(data, class_code=classes[0] if classes else PLAN_CLASS)
    # One old example has no performer, so no practice setting: described all the same, not sent.
    assert set(found.missing()) <= {"practiceSettingCode"}
    if found.missing():
        return
    again = xds.decode(xds.submit_objects(_submission(found), [found])).entries[0]
    assert again == xds.numbered([found])[0]


def _submission(entry: xds.DocumentEntry) -> xds.SubmissionSet:
    activity = value_set("JDV_J59").get("11")
    return xds.SubmissionSet("1.2.3", "1.2", entry.patient_id, NOW, activity, entry.authors[:1])
