"""XDS metadata: encodings to the letter, what is written is read back, what is missing is said."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats import xds
from jalon.formats.xds import hl7
from jalon.terminology import Coding, value_set
from tests.formats.xds_samples import HOUSE, NOW, NURSE, PATIENT, STRUCTURE_ID, entry, submission
from tests.support import SHARED, needs_shared

SCHEMA = SHARED / "standards/xds/dmp_wsdl_schema_v2.01.04/schema/ebRS/lcm.xsd"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"


# --- the HL7 texts ---------------------------------------------------------------------------------

LETTERS: list[tuple[object, str, object, object]] = [
    (
        xds.AuthorPerson.professional("899900063480", "MAX", "LIBRE"),
        "899900063480^MAX^LIBRE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS",
        hl7.write_person,
        hl7.read_person,
    ),
    (
        xds.AuthorPerson.professional("3750001234/17", "MARTIN", "Claire"),
        "3750001234/17^MARTIN^Claire^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^EI",
        hl7.write_person,
        hl7.read_person,
    ),
    (
        xds.AuthorPerson.system("3750100125/9762", "Automate de laboratoire X", "waralab1000"),
        "3750100125/9762^Automate de laboratoire X^waralab1000^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI",
        hl7.write_person,
        hl7.read_person,
    ),
    (
        xds.Institution("CABINET DR LIBRE", "499900063480001"),
        "CABINET DR LIBRE^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499900063480001",
        hl7.write_institution,
        hl7.read_institution,
    ),
    (
        xds.PatientId("207058575627097", "1.2.250.1.213.1.4.10", since="20100907"),
        "207058575627097^^^&1.2.250.1.213.1.4.10&ISO^NH^^20100907",
        hl7.write_patient_id,
        hl7.read_patient_id,
    ),
    (
        xds.PatientId("0456789999", "1.2.250.1.999.1.1.7898.2", "PI"),
        "0456789999^^^&1.2.250.1.999.1.1.7898.2&ISO^PI",
        hl7.write_patient_id,
        hl7.read_patient_id,
    ),
    (
        Coding("1.2.250.1.213.1.1.4.5", "G15_10/SM26", "Médecin - Qualifié en Médecine Générale (SM)"),
        "G15_10/SM26^Médecin - Qualifié en Médecine Générale (SM)^1.2.250.1.213.1.1.4.5",
        hl7.write_specialty,
        hl7.read_specialty,
    ),
]


@pytest.mark.parametrize(
    ("value", "text", "write", "read"), LETTERS, ids=[text[:20] for _, text, _, _ in LETTERS]
)
def test_a_value_is_written_as_the_published_messages_write_it(value, text, write, read) -> None:  # type: ignore[no-untyped-def]  # one table for four types
    assert write(value) == text
    assert read(text) == value


def test_a_name_with_separators_stays_one_name() -> None:
    house = xds.Institution("Dupont & fils | Foyer^1 ~ \\ S\\", STRUCTURE_ID)
    written = hl7.write_institution(house)
    assert written.count("^") == 9
    assert hl7.read_institution(written) == house


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (dt.datetime(2026, 7, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))), "20260630223000"),
        (NOW, "20261122093000"),
        (dt.date(2026, 11, 22), "20261122"),
    ],
)
def test_instants_are_written_in_utc(instant: xds.Instant, text: str) -> None:
    assert hl7.write_instant(instant) == text
    assert hl7.read_instant(text) == instant


def test_an_instant_without_a_zone_is_a_bug_and_says_so() -> None:
    with pytest.raises(ValueError, match="aware"):
        hl7.write_instant(dt.datetime(2026, 1, 1))  # noqa: DTZ001 the point of the test


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("202606011000+0200", dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)),
        ("20260601100000.123", dt.datetime(2026, 6, 1, 10, 0, tzinfo=dt.UTC)),
        ("2026", dt.date(2026, 1, 1)),
        ("202613", None),
        ("hier", None),
        ("20260601100000+9999", None),
    ],
)
def test_other_products_write_instants_otherwise(text: str, instant: xds.Instant | None) -> None:
    assert hl7.read_instant(text) == instant


def test_a_patient_identifier_gives_the_ins_it_is() -> None:
    assert xds.PatientId.of(PATIENT).ins == PATIENT
    assert xds.PatientId("1", "1.2.3", "PI").ins is None
    assert xds.PatientId.of(PATIENT).same_as(xds.PatientId(PATIENT.matricule, PATIENT.oid, since="2010"))


# --- masking, formats ------------------------------------------------------------------------------


def test_masking_adds_the_codes_of_the_value_set_after_the_document_s_own() -> None:
    codes = xds.confidentiality(from_professionals=True, from_patient=True, from_guardians=True)
    assert [one.code for one in codes] == [
        "N",
        "MASQUE_PS",
        "INVISIBLE_PATIENT",
        "INVISIBLE_REPRESENTANTS_LEGAUX",
    ]
    known = value_set("JDV_J08")
    assert all(one in known and known.get(one.code).display == one.display for one in codes)


@pytest.mark.parametrize(
    ("templates", "media_type", "code"),
    [
        (
            ("1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20"),
            "application/pdf",
            "urn:ihe:iti:xds-sd:pdf:2008",
        ),
        (("1.3.6.1.4.1.19376.1.2.20",), "text/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010"),
        (("1.2.250.1.213.1.1.1.1", "1.2.250.1.213.1.1.1.22"), "", "urn:asip:ci-sis:dlu:2015"),
        (("1.2.250.1.213.1.1.1.51", "2.16.840.1.113883.10.22.1.1"), "", "urn:ihe:pcc:ips:2020"),
        (("1.2.250.1.213.1.1.1.58",), "", "urn:asip:ci-sis:export-dui:2023"),
        (("1.2.250.1.213.1.1.1.1",), "", "urn:asipSante:modelesHorsProfils:2011"),
    ],
)
def test_the_format_follows_the_content(templates: tuple[str, ...], media_type: str, code: str) -> None:
    found = xds.format_code(templates, media_type)
    assert found.code == code
    assert found.display


def test_an_unstructured_document_of_an_unknown_type_has_no_format() -> None:
    with pytest.raises(DomainError) as refusal:
        xds.format_code(("1.3.6.1.4.1.19376.1.2.20",), "application/zip")
    assert refusal.value.code == "xds_format"


# --- ebRIM -----------------------------------------------------------------------------------------


def test_each_document_is_a_member_of_the_set() -> None:
    metadata = xds.decode(xds.submit_objects(submission(), [entry(), entry()]))
    assert [one.id for one in metadata.entries] == ["Document01", "Document02"]
    assert metadata.associations == tuple(
        xds.Association.has_member("SubmissionSet01", f"Document0{rank}") for rank in (1, 2)
    )


def test_a_replacement_points_at_the_entry_of_the_registry() -> None:
    link = xds.Association.replaces("Document01", "urn:uuid:fe5287a2-ae6a-11eb-8f5d-0050569e422e")
    metadata = xds.decode(xds.submit_objects(submission(), [entry()], [link]))
    assert metadata.associations[-1] == link
    assert link.kind == "urn:ihe:iti:2007:AssociationType:RPLC"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"class_code": None}, "classCode"),
        ({"authors": ()}, "authorPerson"),
        ({"title": ""}, "title"),
        ({"service_start": None}, "serviceStartTime"),
        ({"confidentiality": ()}, "confidentialityCode"),
    ],
)
def test_a_document_without_a_required_attribute_does_not_leave(change: dict[str, object], name: str) -> None:
    with pytest.raises(DomainError) as refusal:
        xds.submit_objects(submission(), [replace(entry(), **change)])  # type: ignore[arg-type]  # a table of cases
    assert refusal.value.code == "xds_incomplete"
    assert name in refusal.value.message
    assert refusal.value.place == "Document01"


def test_a_set_without_its_source_does_not_leave() -> None:
    with pytest.raises(DomainError, match="sourceId"):
        xds.submit_objects(replace(submission(), source_id=""), [entry()])


def test_a_value_longer_than_ebrim_allows_does_not_leave() -> None:
    author = xds.Author(NURSE, (replace(HOUSE, name="É" * 250),))
    with pytest.raises(DomainError) as refusal:
        xds.submit_objects(submission(), [replace(entry(), authors=(author,))])
    assert (refusal.value.code, refusal.value.place) == ("xds_too_long", "authorInstitution")


def test_the_signature_s_entry_is_hidden_and_speaks_for_the_set() -> None:
    found = xds.signature_entry(submission(), entry(), unique_id="1.2.250.1.999.9", at=NOW)
    assert xds.is_signature(found)
    assert not xds.is_signature(entry())
    assert found.missing() == ()
    assert [one.code for one in found.confidentiality] == ["N", "MASQUE_PS", "INVISIBLE_PATIENT"]


@needs_shared
def test_our_metadata_follow_the_ebrim_schema() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    signature = xds.signature_entry(submission(), entry(), unique_id="1.2.250.1.999.9", at=NOW)
    root = xds.submit_objects(
        replace(submission(), comments="x", intended_recipients=("y",)),
        [
            replace(entry(), uri="DOC00001.XML", comments="c", event_codes=(xds.NORMAL,), version="1"),
            signature,
        ],
        [
            xds.Association.signs("Signature01", "SubmissionSet01"),
            xds.Association.replaces("Document01", "urn:uuid:1"),
        ],
    )
    assert schema.validate(root), schema.error_log


# --- round trips -----------------------------------------------------------------------------------

WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12
) | st.sampled_from(["É", "a^b", "a&b", "\\S\\", "~", "|", "O’Neil", "\\", "<a>", "x\u00a0y"])
OID = st.from_regex(r"\A[1-2](\.[0-9]{1,3}){2,5}\Z")
CODING = st.builds(Coding, OID, WORD, WORD)
PERSON = st.builds(xds.AuthorPerson, WORD, WORD, WORD, OID, st.sampled_from(["IDNPS", "EI", "RI", "NH"]))
AUTHOR = st.builds(
    xds.Author,
    PERSON,
    st.lists(st.builds(xds.Institution, WORD, WORD, OID), max_size=2).map(tuple),
    st.lists(WORD, max_size=2).map(tuple),
    st.lists(CODING, max_size=2).map(tuple),
)
PATIENT_ID = st.builds(
    xds.PatientId, WORD, OID, st.sampled_from(["NH", "PI"]), st.sampled_from(["", "20100907"])
)
MOMENT = st.integers(-(10**9), 4 * 10**9).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))
INSTANT = MOMENT | st.dates(dt.date(1900, 1, 1))
SOURCE = st.builds(
    xds.SourcePatient,
    st.lists(st.builds(xds.PatientName, WORD, WORD, st.sampled_from("LDU")), min_size=1, max_size=2).map(
        tuple
    ),
    st.sampled_from(["", "19790328", "1979"]),
    st.sampled_from(["", "F", "M", "U"]),
    st.sampled_from([(), ("PID-11|x",)]),
)
ENTRY = st.builds(
    xds.DocumentEntry,
    unique_id=OID,
    patient_id=PATIENT_ID,
    source_patient_id=PATIENT_ID,
    class_code=CODING,
    type_code=CODING,
    format_code=CODING,
    facility_type=CODING,
    practice_setting=CODING,
    confidentiality=st.lists(CODING, min_size=1, max_size=4).map(tuple),
    authors=st.lists(AUTHOR, min_size=1, max_size=3).map(tuple),
    title=WORD,
    creation_time=INSTANT,
    service_start=INSTANT,
    service_stop=st.none() | INSTANT,
    legal_authenticator=PERSON,
    source_patient=st.none() | SOURCE,
    event_codes=st.lists(CODING, max_size=2).map(tuple),
    comments=st.just("") | WORD,
    hash=st.sampled_from(["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"]),
    size=st.none() | st.integers(0, 10**12),
    uri=st.sampled_from(["", "DOC00001.XML"]),
    reference_ids=st.sampled_from([(), ("1^^^^urn:x",)]),
    logical_id=st.sampled_from(["", "urn:uuid:1"]),
    version=st.sampled_from(["", "2"]),
    repository_id=st.just("") | OID,
    status=st.sampled_from(["", xds.APPROVED]),
)
SUBMISSION = st.builds(
    xds.SubmissionSet,
    unique_id=OID,
    source_id=OID,
    patient_id=PATIENT_ID,
    submission_time=MOMENT,
    content_type=CODING,
    authors=st.lists(AUTHOR, min_size=1, max_size=2).map(tuple),
    title=st.just("") | WORD,
    comments=st.just("") | WORD,
    intended_recipients=st.lists(WORD, max_size=2).map(tuple),
)


@given(SUBMISSION, st.lists(ENTRY, max_size=3))
@settings(deadline=None, max_examples=25)
def test_metadata_come_back_as_they_were_written(
    sent: xds.SubmissionSet, entries: list[xds.DocumentEntry]
) -> None:
    written = xds.to_bytes(xds.submit_objects(sent, entries))
    metadata = xds.decode(written)
    assert metadata.submission == sent
    assert metadata.entries == xds.numbered(entries)
    assert metadata.warnings == ()


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_hl7_text_makes_the_reader_fail(text: str) -> None:
    hl7.read_person(text)
    hl7.read_institution(text)
    hl7.read_patient_id(text)
    hl7.read_specialty(text)
    hl7.read_source_patient([text])
    hl7.read_instant(text)


def test_a_test_ins_is_known_as_an_ins() -> None:
    assert xds.PatientId("1", "1.2.250.1.213.1.4.10").ins == Ins("1", "1.2.250.1.213.1.4.10")
