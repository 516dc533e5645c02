"""Documents of others: every published example is read, hostile ones are refused, poor ones forgiven."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats.cda.header import Id, PersonName, RelatedPerson
from jalon.formats.cda.reader import read
from jalon.formats.cda.received import ReadDocument
from jalon.formats.cda.writer import write
from tests.formats.cda import samples
from tests.formats.cda.samples import EXAMPLES
from tests.support import SHARED, needs_shared

HL7 = {"h": "urn:hl7-org:v3"}
FOLDER = SHARED / "standards/cda/exemples"
SAMPLE = write(samples.structured(samples.PROTECTED, informants=(samples.SISTER,)))
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def example(name: str) -> ReadDocument:
    return read((FOLDER / name).read_bytes())


@needs_shared
def test_the_published_examples_are_there() -> None:
    assert len(EXAMPLES) >= 36


@needs_shared
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_published_example_is_read(path: Path) -> None:
    root = etree.fromstring(path.read_bytes())
    (source,) = root.xpath("descendant-or-self::h:ClinicalDocument", namespaces=HL7)
    document = read(path.read_bytes())

    def said(xpath: str) -> str:
        return str(source.xpath(f"normalize-space({xpath})", namespaces=HL7))

    assert document.header().code.code == said("h:code/@code")
    assert document.title == said("h:title")
    assert str(document.version) == said("h:versionNumber/@value")
    assert document.effective_time is not None
    assert f"{document.effective_time:%Y%m%d%H%M}" == said("h:effectiveTime/@value")[:12]
    patient = document.patient
    assert patient.birth_name == said(
        "h:recordTarget/h:patientRole/h:patient/h:name/h:family[@qualifier='BR']"
    )
    assert patient.ins is not None
    assert patient.ins.matricule == said("h:recordTarget/h:patientRole/h:id[1]/@extension")
    assert len(document.authors) == int(said("count(h:author)"))
    assert document.custodian is not None
    assert document.custodian.name == said("h:custodian//h:name")
    assert document.encounter is not None
    assert document.encounter.sector is not None
    assert document.encounter.sector.code == said("h:componentOf//h:healthCareFacility/h:code/@code")
    assert len(document.sections) == int(said("count(h:component/h:structuredBody/h:component/h:section)"))
    assert len(document.attachments) == int(said("count(h:component//h:observationMedia/h:value)"))
    assert document.level == (1 if said("count(h:component/h:nonXMLBody)") == "1" else 3)


# --- particular examples ---------------------------------------------------------------------------


@needs_shared
def test_a_self_presenting_document_is_read_inside_its_stylesheet() -> None:
    document = example("CANCER-PPS_2022.01_Autopresentable.xml")
    assert document.envelope == "self-presenting"
    assert document.code is not None
    assert document.code.code == "18776-5"


@needs_shared
def test_an_old_document_says_the_name_in_use_with_a_refused_qualifier() -> None:
    patient = example("PPS-PAERPA_2021.01.xml").patient
    assert (patient.birth_name, patient.used_name) == ("NESSI", "DECOURCY")


@needs_shared
def test_a_letter_of_discharge_says_who_to_call_and_who_is_trusted() -> None:
    document = example("LDL-SES_2022.01.xml")
    emergency, trusted = document.informants
    assert isinstance(emergency, RelatedPerson)
    assert isinstance(trusted, RelatedPerson)
    assert (emergency.kind, trusted.kind) == ("ECON", "NOK")
    assert emergency.person == PersonName("NESSI", "Sophie")
    assert emergency.telecoms[0].text == "0647150100"
    assert document.patient.addresses[0].printed[-2:] == ("75007 PARIS", "FRANCE")
    assert document.patient.guardians[0].person == PersonName("NESSI", "Jeanne", "MME")


@needs_shared
def test_a_document_written_by_a_system_has_no_person_as_author() -> None:
    (author,) = example("CDA_TDDUI_Exemple_v1.0.1.xml").authors
    assert author.entity.person is None
    assert author.device is not None


# --- envelopes -------------------------------------------------------------------------------------


def inside(start: bytes, end: bytes) -> bytes:
    return DECLARATION + start + SAMPLE.removeprefix(DECLARATION) + end


def test_a_stylesheet_is_never_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    start = (
        '<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:data="urn:d">'
        f'<xsl:template match="/"><xsl:result-document href="{trace}">ran</xsl:result-document>'
        '<xsl:message terminate="yes"/></xsl:template><data:Contenu>'
    )
    document = read(inside(start.encode(), b"</data:Contenu></xsl:stylesheet>"))
    assert (document.envelope, document.title) == ("self-presenting", read(SAMPLE).title)
    assert not trace.exists()


def test_a_signed_document_is_read_inside_its_signature() -> None:
    start = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Object>'
    document = read(inside(start, b"</ds:Object></ds:Signature>"))
    assert document.envelope == "signed"
    assert document.patient == read(SAMPLE).patient


def test_a_stylesheet_beside_the_document_is_not_fetched() -> None:
    instruction = b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>'
    assert read(SAMPLE.replace(DECLARATION, DECLARATION + instruction)).title == read(SAMPLE).title


# --- refusals --------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "an external entity": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><ClinicalDocument>&f;</ClinicalDocument>',
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><ClinicalDocument>&l9;</ClinicalDocument>',
    "an external DTD": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><ClinicalDocument/>',
    "a hole without bottom": "<a>" * 5000,
    "a cut document": SAMPLE.decode()[:2000].replace('<?xml version="1.0" encoding="UTF-8"?>\n', ""),
    "nothing": "",
    "a PDF": "%PDF-1.4",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_or_broken_xml_is_refused(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read(text.encode())
    assert refusal.value.code == "xml_refused"


@pytest.mark.parametrize("text", ["<html/>", '<a xmlns="urn:hl7-org:v3"/>', "<ClinicalDocument/>"])
def test_what_is_not_a_clinical_document_is_refused(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read(text.encode())
    assert refusal.value.code == "not_a_cda"


def test_two_documents_in_one_file_are_refused() -> None:
    twice = SAMPLE.removeprefix(DECLARATION)
    with pytest.raises(DomainError) as refusal:
        read(b"<both>" + twice + twice + b"</both>")
    assert refusal.value.code == "not_a_cda"


def test_a_damaged_file_is_refused_with_its_place() -> None:
    data = write(samples.embedded()).replace(b"JVBERi0", b"J\xc3\xa9BERi")
    with pytest.raises(DomainError) as refusal:
        read(data)
    assert (refusal.value.code, refusal.value.place) == (
        "body_unreadable",
        "ClinicalDocument/component/nonXMLBody/text",
    )


# --- forgiveness -----------------------------------------------------------------------------------


def test_an_empty_document_says_nothing_and_its_header_says_what_is_missing() -> None:
    document = read(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert (document.id, document.title, document.authors, document.patient.ins) == (None, "", (), None)
    with pytest.raises(DomainError, match="identifiant, .*prise en charge") as refusal:
        document.header()
    assert refusal.value.code == "cda_incomplete"


@pytest.mark.parametrize(
    ("text", "date", "precision"),
    [
        ("19500312", dt.date(1950, 3, 12), "day"),
        ("195003", dt.date(1950, 3, 1), "month"),
        ("1950", dt.date(1950, 12, 31), "year"),
        ("19500000", dt.date(1950, 12, 31), "year"),
        ("202212251035+0100", dt.date(2022, 12, 25), "day"),
        ("19500230", None, "day"),
        ("", None, "day"),
    ],
)
def test_a_birth_date_is_read_as_far_as_it_is_known(text: str, date: dt.date | None, precision: str) -> None:
    patient = read(
        SAMPLE.replace(b'birthTime value="19800302"', f'birthTime value="{text}"'.encode())
    ).patient
    assert (patient.birth_date, patient.birth_date_precision) == (date, precision)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("20261124141500+0100", "2026-11-24T14:15:00+01:00"),
        ("202611241415-0400", "2026-11-24T14:15:00-04:00"),
        ("20261124141500.827+0100", "2026-11-24T14:15:00+01:00"),
        ("20260724141500", "2026-07-24T14:15:00+02:00"),  # no offset: Paris, here in summer
        ("20261124", "2026-11-24"),
        ("20261324", None),
        ("20261124251500+0100", None),
        ("hier", None),
    ],
)
def test_a_time_is_read_in_every_form_met(text: str, iso: str | None) -> None:
    data = SAMPLE.replace(
        b'<effectiveTime value="20261124141500+0100"/><conf', f'<effectiveTime value="{text}"/><conf'.encode()
    )
    moment = read(data).effective_time
    assert (moment.isoformat() if moment else None) == iso


def test_a_document_of_before_versions_is_read() -> None:
    data = re.sub(rb"<setId[^>]*/>|<versionNumber[^>]*/>", b"", SAMPLE)
    document = read(data)
    assert (document.set_id, document.version, document.id) == (
        None,
        None,
        Id("1.2.250.1.999.1.4.20261124.1"),
    )


def test_an_identifier_with_an_extension_and_an_unknown_ins_authority_pass() -> None:
    data = SAMPLE.replace(b'<id root="1.2.250.1.999.1.4.20261124.1"/>', b'<id root="1.2" extension="A-1"/>')
    document = read(data.replace(b"1.2.250.1.213.1.4.10", b"1.2.250.1.213.1.4.2"))
    assert str(document.id) == "1.2^A-1"
    assert document.patient.ins is None
    assert Id("1.2.250.1.213.1.4.2", "180032B02040123") in document.patient.local_ids


def test_the_indeterminate_sex_has_two_spellings() -> None:
    for spelling in (b"U", b"UN"):
        data = SAMPLE.replace(b'Code code="M" displayName', b'Code code="' + spelling + b'" displayName')
        assert read(data).patient.sex == "U"


def test_the_ins_is_the_one_with_an_authority_of_the_list() -> None:
    assert read(SAMPLE).patient.ins == Ins("180032B02040123", "1.2.250.1.213.1.4.10")


# --- anything --------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_a_refusal(data: bytes) -> None:
    with pytest.raises(DomainError):
        read(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_document_that_lost_or_garbled_any_part_is_still_read(data: st.DataObject) -> None:
    root = etree.fromstring(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        elements = [element for element in root.iter() if element is not root]
        target = elements[data.draw(st.integers(0, len(elements) - 1))]
        _damage(target, data)
    document = read(etree.tostring(root))
    assert isinstance(document, ReadDocument)


GARBLED = ("", "x", "0", "-1", "²", "99999999", "20261124999999+9999")


def _damage(target: etree._Element, data: st.DataObject) -> None:
    parent = target.getparent()
    attributes = [str(name) for name in target.attrib]
    if attributes and data.draw(st.booleans()):
        target.set(data.draw(st.sampled_from(attributes)), data.draw(st.sampled_from(GARBLED)))
    elif parent is not None and len(list(target.iterancestors())) > 0:
        parent.remove(target)
