"""Our own rules: each holds against the document that breaks it, at the right place, and no other."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats.cda.body import (
    Document,
    Embedded,
    Listing,
    Observation,
    Paragraph,
    Section,
    Span,
    Structured,
    Table,
)
from jalon.formats.cda.header import (
    NORMAL,
    PROFESSIONALS,
    STRUCTURES,
    Author,
    Code,
    Device,
    Encounter,
    Entity,
    Guardian,
    Id,
    LegalAuthenticator,
    Organization,
    Patient,
    PersonName,
    Related,
    RelatedPerson,
    ServiceEvent,
    Telecom,
)
from jalon.formats.cda.validate import Problem, Schema, check
from jalon.formats.cda.writer import write
from jalon.terminology import value_set
from tests.formats.cda import samples
from tests.formats.cda.documents import DOCUMENTS, THEMSELVES
from tests.formats.cda.samples import HOME, NOW, NURSE_MARTIN, ZOE, embedded, structured
from tests.support import SHARED, needs_shared

NAIVE = NOW.replace(tzinfo=None)


def by(entity: Entity) -> Document:
    return embedded(authors=(Author(NOW, entity),))


def of(**changes: object) -> Document:
    return embedded(replace(ZOE, **changes))  # type: ignore[arg-type]  # field names are checked by replace


def of_sections(*sections: Section) -> Document:
    return Document(structured().header, Structured(sections))


def in_section(*blocks: Paragraph | Listing | Table) -> Document:
    return of_sections(Section("Titre", blocks))


PATIENT = "recordTarget/patientRole/patient"
NAME = f"{PATIENT}/name"
SECTION = "component/structuredBody/component/section"
EVENT = "documentationOf/serviceEvent"

BROKEN: list[tuple[Document, str, str]] = [
    (embedded(id=Id("1.02.3")), "id/@root", "oid"),
    (embedded(id=Id("1." + "9" * 63)), "id/@root", "oid"),
    (embedded(set_id=Id("urn:oid:1.2")), "setId/@root", "oid"),
    (embedded(code=Code("80788-3", "")), "code", "incomplete_code"),
    (embedded(title=" "), "title", "missing"),
    (embedded(title="T" * 129), "title", "title_length"),
    (embedded(effective_time=NAIVE), "effectiveTime/@value", "no_offset"),
    (
        embedded(confidentiality=replace(NORMAL, code="MASQUE_PS")),
        "confidentialityCode/@code",
        "confidentiality",
    ),
    (embedded(language="fr-fr"), "languageCode/@code", "language"),
    (embedded(version=0), "versionNumber/@value", "version"),
    (embedded(version=2), "relatedDocument", "missing"),
    (embedded(related=Related(Id("1.2.3"))), "relatedDocument", "version"),
    (embedded(version=2, related=Related(Id("1.2.3"), "APND")), "relatedDocument/@typeCode", "related"),
    (
        embedded(version=2, related=Related(samples.header().id)),
        "relatedDocument/parentDocument/id",
        "related",
    ),
    (of(ins=None, local_ids=()), "recordTarget/patientRole/id", "missing"),
    (of(ins=None, birth_name=""), f"{NAME}/family", "missing"),
    (of(ins=None, first_name="", birth_first_names=""), f"{NAME}/given", "missing"),
    (of(birth_name="", used_name="X"), f"{NAME}/family[@qualifier='BR']", "missing"),
    (of(first_name=""), f"{NAME}/given[@qualifier='BR']", "missing"),
    (of(birth_first_names=""), f"{NAME}/given[not(@qualifier)]", "missing"),
    (of(first_name="ZO"), f"{NAME}/given[@qualifier='BR']", "first_name"),
    (of(sex=None), f"{PATIENT}/administrativeGenderCode", "missing"),
    (of(birth_date=None), f"{PATIENT}/birthTime", "missing"),
    (of(birth_date=dt.date(2027, 1, 1)), f"{PATIENT}/birthTime", "order"),
    (of(birth_place=""), f"{PATIENT}/birthplace/place/addr/county", "missing"),
    (of(birth_place="6322"), f"{PATIENT}/birthplace/place/addr/county", "cog"),
    (of(ins=Ins("2751263220749", "1.2.250.1.213.1.4.8")), "recordTarget/patientRole/id", "ins"),
    (of(ins=Ins("275126322074974", "1.2.250.1.213.1.4.2")), "recordTarget/patientRole/id", "ins"),
    (of(telecoms=(Telecom("0600000001"),)), "recordTarget/patientRole/telecom", "telecom"),
    (of(guardians=(Guardian(),)), f"{PATIENT}/guardian", "guardian"),
    (of(guardians=(Guardian(PersonName("X"), HOME),)), f"{PATIENT}/guardian", "guardian"),
    (embedded(authors=()), "author", "missing"),
    (embedded(authors=(Author(None, NURSE_MARTIN),)), "author/time", "missing"),
    (embedded(authors=(Author(NOW.date(), NURSE_MARTIN),)), "author/time/@value", "no_hour"),
    (by(replace(NURSE_MARTIN, id=None)), "author/assignedAuthor/id", "missing"),
    (
        by(replace(NURSE_MARTIN, id=Id(PROFESSIONALS, "81"))),
        "author/assignedAuthor/id/@extension",
        "ps_id_nat",
    ),
    (by(replace(NURSE_MARTIN, profession=None)), "author/assignedAuthor/code", "missing"),
    (by(replace(NURSE_MARTIN, person=None)), "author/assignedAuthor/assignedPerson", "missing"),
    (
        by(replace(NURSE_MARTIN, organization=None)),
        "author/assignedAuthor/representedOrganization",
        "missing",
    ),
    (by(replace(THEMSELVES, organization=HOME)), "author/assignedAuthor", "author"),
    (
        embedded(authors=(Author(NOW, NURSE_MARTIN, device=Device("a", "b")),)),
        "author/assignedAuthor/assignedPerson",
        "author",
    ),
    (
        embedded(custodian=Organization(Id(STRUCTURES, "010001246"), "Sans préfixe")),
        "custodian/assignedCustodian/representedCustodianOrganization/id/@extension",
        "struct_id_nat",
    ),
    (
        embedded(legal_authenticator=LegalAuthenticator(NAIVE, NURSE_MARTIN)),
        "legalAuthenticator/time/@value",
        "no_offset",
    ),
    (
        embedded(informants=(RelatedPerson("AMI", PersonName("X")),)),
        "informant/relatedEntity/@classCode",
        "informant",
    ),
    (
        embedded(informants=(RelatedPerson("NOK", PersonName("")),)),
        "informant/relatedEntity/relatedPerson/name/family",
        "missing",
    ),
    (embedded(events=()), "documentationOf", "missing"),
    (embedded(events=(ServiceEvent(None, NURSE_MARTIN),)), f"{EVENT}/effectiveTime/low", "missing"),
    (
        embedded(events=(ServiceEvent(NOW.date(), NURSE_MARTIN),)),
        f"{EVENT}/effectiveTime/low/@value",
        "no_hour",
    ),
    (embedded(events=(ServiceEvent(NOW),)), f"{EVENT}/performer", "missing"),
    (
        embedded(events=(ServiceEvent(NOW, replace(NURSE_MARTIN, organization=HOME)),)),
        f"{EVENT}/performer/assignedEntity/representedOrganization/standardIndustryClassCode",
        "missing",
    ),
    (
        embedded(events=(ServiceEvent(NOW, NURSE_MARTIN, NOW - dt.timedelta(days=2)),)),
        f"{EVENT}/effectiveTime",
        "order",
    ),
    (
        embedded(encounter=Encounter(None)),
        "componentOf/encompassingEncounter/location/healthCareFacility/code",
        "missing",
    ),
    (
        embedded(encounter=Encounter(samples.SECTOR, NAIVE)),
        "componentOf/encompassingEncounter/effectiveTime/low/@value",
        "no_offset",
    ),
    (embedded(pdf=b""), "component/nonXMLBody/text", "missing"),
    (embedded(pdf=b"GIF89a"), "component/nonXMLBody/text", "pdf"),
    (embedded(pdf=b"%PDF-1.7 pdfaid:part>3<"), "component/nonXMLBody/text", "pdf_a_1"),
    (
        Document(samples.header(), Embedded(b"x", "application/msword")),
        "component/nonXMLBody/text/@mediaType",
        "media_type",
    ),
    (structured(templates=()), "templateId", "missing"),
    (of_sections(), SECTION, "missing"),
    (of_sections(Section(" ", ())), f"{SECTION}/title", "missing"),
    (of_sections(Section("T", (), Code("1", ""))), f"{SECTION}/code", "incomplete_code"),
    (in_section(Listing(())), f"{SECTION}/text/list/item", "missing"),
    (in_section(Table(("a",), ())), f"{SECTION}/text/table/tbody/tr", "missing"),
    (in_section(Table(("a",), (("b", "c"),))), f"{SECTION}/text/table", "table"),
    (in_section(Paragraph((Span("a", id="1a"),))), f"{SECTION}/text//@ID", "id"),
    (in_section(Paragraph((Span("a", id="x"), Span("b", id="x")))), f"{SECTION}/text//@ID", "id"),
    (
        of_sections(Section("T", (), entries=(Observation(Id("1.2"), samples.PLAN, reference="rien"),))),
        f"{SECTION}/entry/observation/text",
        "reference",
    ),
]


@pytest.mark.parametrize(
    ("document", "place", "code"), BROKEN, ids=[f"{code} at {place}" for _, place, code in BROKEN]
)
def test_a_broken_rule_is_found_alone_and_where_it_is(document: Document, place: str, code: str) -> None:
    problems = check(document)
    assert [(problem.place, problem.code) for problem in problems] == [(place, code)]
    assert problems[0].message.endswith(".")


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_sound_document_breaks_no_rule(document: Document) -> None:
    assert check(document) == []


CODES: list[tuple[Document, str]] = [
    (embedded(code=replace(samples.PLAN, code="99999-9")), "code/@code"),
    (
        by(replace(NURSE_MARTIN, profession=replace(samples.NURSE, code="G15_10/SCH10"))),
        "author/assignedAuthor/code/@code",
    ),
    (
        embedded(encounter=Encounter(replace(samples.SECTOR, code="SA99"))),
        "componentOf/encompassingEncounter/location/healthCareFacility/code/@code",
    ),
]


@pytest.mark.parametrize(("document", "place"), CODES, ids=[place for _, place in CODES])
def test_a_code_out_of_its_value_set_is_found_when_the_sets_are_given(document: Document, place: str) -> None:
    assert check(document) == []
    assert [(found.place, found.code) for found in check(document, value_sets=value_set)] == [
        (place, "value_set")
    ]


def test_what_goes_to_the_dmp_has_an_ins_and_a_whole_oid() -> None:
    document = embedded(replace(ZOE, ins=None), id=Id("1.2.3", "A1"))
    assert check(document) == []
    assert [found.place for found in check(document, shared=True)] == [
        "recordTarget/patientRole/id",
        "id/@extension",
    ]
    assert check(embedded(), shared=True) == []


def test_a_problem_reads_as_its_place_and_its_message() -> None:
    assert (
        str(Problem("title", "missing", "Le titre est obligatoire.")) == "title : Le titre est obligatoire."
    )


# --- the schema ------------------------------------------------------------------------------------


@needs_shared
def test_the_schema_names_what_it_refuses_and_where(schema: Schema) -> None:
    data = write(embedded()).replace(b"<languageCode", b"<invente/><languageCode")
    (problem, *_) = schema.problems(data)
    assert problem.code == "schema"
    assert "invente" in problem.message
    assert problem.place == "ClinicalDocument/invente"


@needs_shared
def test_the_schema_judges_the_document_inside_its_envelope(schema: Schema) -> None:
    whole = SHARED / "standards/cda/exemples/CANCER-PPS_2022.01_Autopresentable.xml"
    assert schema.problems(whole.read_bytes()) == []


def test_a_folder_without_the_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as refusal:
        Schema(tmp_path)
    assert refusal.value.code == "no_schema"


@needs_shared
@pytest.mark.parametrize("change", [lambda data: data[:-30], lambda data: b"<a/>"])
def test_the_schema_refuses_what_is_not_a_document(schema: Schema, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DomainError):
        schema.problems(change(write(embedded())))


def test_an_unknown_person_has_each_missing_fact_named() -> None:
    places = [problem.place for problem in check(embedded(Patient()))]
    assert places == [
        "recordTarget/patientRole/id",
        f"{NAME}/family",
        f"{NAME}/given",
        f"{PATIENT}/administrativeGenderCode",
        f"{PATIENT}/birthTime",
    ]
