"""The PDF of a plan: archivable, readable by all, the same each time, faithful to the words it was given."""

import datetime as dt
import functools
import io
import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats.cda.body import Document, Listing, Paragraph, Section, Span, Structured, Table
from jalon.formats.cda.reader import read
from jalon.formats.cda.render import pdf_of
from jalon.formats.cda.validate import check
from jalon.formats.cda.writer import write
from jalon.formats.paper import Agreement, Establishment, Identity
from jalon.formats.papers.document import DocumentPdf
from jalon.formats.papers.plan import Action, Expectation, Goal, Need, PlanPdf
from jalon.formats.papers.structured import printed
from jalon.formats.pdf import FOLDER, HOUSE, compile_checked, render
from tests.formats.cda import samples
from tests.formats.pdf_text import pages

NOW = samples.NOW
ZOE = Identity(
    "Adrun",
    "Zoé Lætitia",
    dt.date(1975, 12, 31),
    sex="F",
    used_name="d’Œuvre",
    birth_place="Aurillac",
    ins=Ins("275126322074974", "1.2.250.1.213.1.4.8"),
    record_number="2026-0042",
    datamatrix=("1010", "1111", "1001", "1101"),
)
HOME = Establishment(
    "IME « Les Œillets »", ("12 rue de l’Église", "75007 PARIS"), "01 47 15 00 00", "010001246"
)
ACTIONS = (
    Action(
        "Atelier cuisine", "Samir Fictif", dt.date(2026, 12, 1), dt.date(2027, 3, 31), "1 fois par semaine"
    ),
    Action("Courses\navec liste", frequency="le samedi"),
)


def goal(number: int) -> Goal:
    return Goal(
        f"But n° {number:02d}",
        "Zoé cuisine déjà.\nElle choisit.",
        "Deux repas chauds.",
        dt.date(2026, 12, 1),
        dt.date(2027, 6, 30),
        "Cléa Martin",
        "En cours",
        ACTIONS,
    )


PLAN = PlanPdf(
    title="Projet personnalisé d’accompagnement",
    identity=ZOE,
    establishment=HOME,
    written=NOW,
    version=2,
    authors=("Cléa MARTIN", "Loïc FICTIF"),
    start=dt.date(2026, 12, 1),
    end=dt.date(2027, 11, 30),
    summary="Zoé vit à l’IME.\nElle a 50 ans.",
    expectations_title="Les attentes de Zoé",
    expectations=(
        Expectation("Je veux mon chat.", "Zoé", dt.date(2026, 10, 1)),
        Expectation("Qu’elle soit entourée."),
    ),
    needs=(Need("1.1.1.8", "Prendre soin de sa santé"), Need("1.2.2", "Autonomie", "Pour les repas.")),
    goals=(goal(1), goal(2)),
    agreements=(
        Agreement("Zoé ADRUN", "La personne accompagnée", dt.date(2026, 11, 24), "d’accord"),
        Agreement("Mme D’ŒUVRE", "Tutrice"),
    ),
)
THIRTY = replace(PLAN, goals=tuple(map(goal, range(1, 31))))
BARE = PlanPdf("Projet", Identity("Adrun", "Zoé"), Establishment("IME"), NOW, 1, ())
LETTER = DocumentPdf(
    "Lettre de liaison",
    HOME,
    NOW,
    ("Cléa MARTIN",),
    (
        Section(
            "Séjour",
            (
                Paragraph(
                    ("Elle a ", Span("bien", "Bold"), Span("mangé", "Italics"), Span("ici", "Underline"))
                ),
                Listing(("un", "deux"), ordered=True, caption="Repas"),
                Table(("Jour", "Plat"), (("lundi", "soupe"), ("mardi", "œufs")), "Menu"),
                Table((), (("seul",),)),
            ),
            sections=(Section("Détail", (Listing(("x",)),)),),
        ),
    ),
)
ALL: dict[str, PlanPdf | DocumentPdf] = {
    "a plan": PLAN,
    "thirty goals": THIRTY,
    "a readable plan": replace(PLAN, readable=True),
    "a bare plan": BARE,
    "a letter": LETTER,
    "a letter about someone": replace(LETTER, identity=ZOE, agreements=PLAN.agreements, readable=True),
    "a structured document": printed(samples.structured(samples.PROTECTED, 30)),
}


@functools.cache
def made(name: str) -> bytes:
    return compile_checked(ALL[name])


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def dictionaries(data: bytes) -> Iterator[pikepdf.Object]:
    with opened(data) as pdf:
        yield from (found for found in pdf.objects if isinstance(found, pikepdf.Dictionary | pikepdf.Stream))


# --- archivable ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_document_declares_itself_pdf_a_1a_with_its_language_and_colors(name: str) -> None:
    pdf = opened(made(name))
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("1", "A")
        assert metadata["dc:title"] == ALL[name].title
    assert pdf.pdf_version == "1.4"
    assert str(pdf.Root.Lang) == "fr-FR"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.StructTreeRoot.K
    (intent,) = pdf.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert intent.DestOutputProfile.read_bytes()
    assert "/Filter" not in pdf.Root.Metadata


@pytest.mark.parametrize("name", ALL)
def test_every_font_is_embedded_and_ours(name: str) -> None:
    families = set()
    for found in dictionaries(made(name)):
        if str(found.get("/Type")) == "/FontDescriptor":
            assert any(file in found for file in ("/FontFile", "/FontFile2", "/FontFile3"))
            families.add(str(found.FontName).partition("+")[2].partition("-")[0])
    assert "Inter" in families or ALL[name].readable
    assert families <= {"Inter", "AtkinsonHyperlegibleNext"}
    assert ("AtkinsonHyperlegibleNext" in families) == ALL[name].readable


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_transparent_active_or_attached(name: str) -> None:
    for found in dictionaries(made(name)):
        assert str(found.get("/SMask", "/None")) == "/None"
        assert str(found.get("/S")) not in ("/Transparency", "/JavaScript", "/Launch", "/URI")
        assert found.get("/ca", 1) == 1
        assert found.get("/CA", 1) == 1
        assert str(found.get("/Type")) not in ("/ObjStm", "/XRef", "/Filespec")
    with opened(made(name)) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", pikepdf.Dictionary())
        assert not pdf.is_encrypted


def test_what_stays_in_the_house_is_also_universally_accessible() -> None:
    with opened(render(PLAN, standards=HOUSE)).open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"


def test_the_outline_follows_the_headings() -> None:
    with opened(made("a plan")).open_outline() as outline:
        (title,) = outline.root
        assert [item.title for item in title.children] == [
            "La situation",
            "Les attentes de Zoé",
            "Les besoins",
            "Les objectifs",
            "Les accords et signatures",
        ]


# --- the same each time ----------------------------------------------------------------------------


def test_the_same_values_give_the_same_bytes_in_any_thread() -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(render(PLAN))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [made("a plan")] * 3


def test_the_date_of_the_pdf_is_the_one_given() -> None:
    with opened(made("a plan")) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261124131500")
    assert render(replace(PLAN, written=NOW + dt.timedelta(seconds=1))) != made("a plan")


def test_a_time_without_offset_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="offset"):
        render(replace(PLAN, written=NOW.replace(tzinfo=None)))


# --- faithful --------------------------------------------------------------------------------------


def test_a_plan_says_everything_it_was_given() -> None:
    text = "".join(pages(made("a plan")))
    for words in (
        "IME « Les Œillets »",
        "12 rue de l’Église, 75007 PARIS",
        "FINESS 010001246",
        "Version 2 du 24 novembre 2026 à 14\u00a0h\u00a015, par Cléa MARTIN et Loïc FICTIF.",
        "Projet du 1er décembre 2026 au 30 novembre 2027.",
        "ADRUN Zoé Lætitia",
        "utilise D’ŒUVRE",
        "31 décembre 1975",
        "2\u00a075\u00a012\u00a063\u00a0220\u00a0749\u00a074",
        "Zoé vit à l’IME.",
        "Je veux mon chat.",
        "Zoé, le 1er octobre 2026",
        "1.2.2AutonomiePour les repas.",
        "But n° 02",
        "Deux repas chauds.",
        "Samir Fictif1 fois par semaine, du 1er décembre 2026 au 31 mars 2027",
        "Le 24 novembre 2026\u00a0: d’accord",
        "Mme D’ŒUVRETutrice",
    ):
        assert words in text


def test_thirty_goals_follow_one_another_over_several_pages() -> None:
    text = pages(made("thirty goals"))
    assert len(text) > 5
    assert re.findall(r"But n° (\d\d)", "".join(text)) == [f"{number:02d}" for number in range(1, 31)]


def test_each_page_names_the_person_its_number_and_its_secrecy() -> None:
    text = pages(made("thirty goals"))
    for number, page in enumerate(text, 1):
        assert "ADRUN Zoé Lætitia, naissance\u00a0: 31 décembre 1975" in page
        assert "Projet personnalisé d’accompagnement, version 2" in page
        assert f"Page {number} / {len(text)}" in page
        assert "Document confidentiel" in page


def test_the_ins_is_printed_only_when_it_is_given() -> None:
    text = "".join(pages(render(replace(PLAN, identity=replace(ZOE, ins=None, datamatrix=())))))
    assert "INS" not in text
    assert "Matricule INS (NIR)" in "".join(pages(made("a plan")))


def test_the_datamatrix_has_words_for_who_cannot_see_it() -> None:
    figures = [str(found.Alt) for found in dictionaries(made("a plan")) if str(found.get("/S")) == "/Figure"]
    assert figures == ["Datamatrix de l’INS"]


def test_a_partial_birth_date_is_printed_as_it_is_known() -> None:
    identity = replace(ZOE, birth_date_precision="year", ins=None, datamatrix=())
    assert "naissance\u00a0: 1975" in pages(render(replace(PLAN, identity=identity)))[0]


def test_words_are_never_markup() -> None:
    words = '#import "x" *gras* $x^2$ _a_ `b` <c> @d \\ // http://e.test #read("/etc/hostname")'
    assert words in "".join(pages(render(replace(PLAN, summary=words))))


def test_a_letter_keeps_its_sections_lists_and_tables() -> None:
    text = "".join(pages(made("a letter")))
    assert "SéjourElle a bienmangéici" in text
    assert "Repas1.un2.deux" in text
    assert "MenuJourPlatlundisoupemardiœufsseulDétail•x" in text


@pytest.mark.parametrize("character", ["😀", "中", "\x07"])
def test_a_character_no_font_draws_is_refused(character: str) -> None:
    with pytest.raises(DomainError, match="ne peut pas être imprimé") as refusal:
        render(replace(PLAN, summary=f"Elle dit {character}."))
    assert refusal.value.code == "unprintable"


def test_the_letters_of_europe_are_printed() -> None:
    words = "Œuvre, Łódź, Đặng, Ωμέγα, Жанна, ça coûte 5 €, n° 3 → 4, « oui » – non…"
    for readable in (False, True):
        assert compile_checked(replace(PLAN, summary=words, readable=readable))


@settings(deadline=None, max_examples=25)
@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=("Cc", "Cf")), max_size=200
    )
)
def test_any_french_words_are_printed(words: str) -> None:
    assert render(replace(BARE, summary=words)).startswith(b"%PDF-1.4")


# --- with the clinical document --------------------------------------------------------------------


def test_the_plan_is_fit_to_be_embedded_in_a_clinical_document() -> None:
    document = samples.embedded(pdf=made("a plan"))
    assert check(document, shared=True) == []
    assert pdf_of(read(write(document))) == made("a plan")


@pytest.mark.requirement("SC.CDA/DD.12")
def test_the_pdf_of_a_structured_document_has_its_header_and_its_narrative() -> None:
    document = Document(samples.structured(samples.PROTECTED).header, Structured(samples.goals(3)))
    text = "".join(pages(render(printed(document))))
    for words in (
        document.header.title,
        "Type de document\u00a0: Projet personnalisé d'accompagnement",
        "24 novembre 2026 à 14\u00a0h\u00a015",
        "par MME Cléa MARTIN, Infirmier.",
        "Responsable\u00a0: MME Cléa MARTIN, Infirmier",
        "Conservé par\u00a0: IME « Les Œillets » de l’Île-d’Aix",
        "CORSE ANTHONY",
        "Je veux cuisiner avec « Cœur & Co ».Et dormir ici.",
        "1.Premier2.Deuxième souligné",
        "Objectif 3 : s’habiller seul·eŒuvrer < 3 fois & demie03/12/2026",
    ):
        assert words in text


def test_a_datamatrix_never_goes_without_its_ins() -> None:
    code = ("10", "11")
    assert printed(samples.structured(), datamatrix=code).identity == replace(
        printed(samples.structured()).identity or ZOE, datamatrix=code
    )
    without = printed(samples.structured(samples.UNKNOWN_DAY), datamatrix=code).identity
    assert without is not None
    assert without.datamatrix == ()


# --- the templates ---------------------------------------------------------------------------------


def test_templates_reach_no_package_and_no_file_but_their_own() -> None:
    templates = sorted(FOLDER.glob("*.typ"))
    assert {template.name for template in templates} == {"common.typ", "document.typ", "line.typ", "plan.typ"}
    for template in templates:
        text = template.read_text()
        assert set(re.findall(r'(?:import|include) "([^"]+)"', text)) <= {"common.typ"}
        assert not re.search(r'@\w|\b(?:read|plugin|csv|yaml|toml|xml|cbor)\(|https?:|json\("', text)


def test_each_font_of_the_house_has_its_licence_beside_it() -> None:
    fonts = {path.name.partition("-")[0] for path in (FOLDER / "fonts").glob("*.ttf")}
    assert fonts == {"Inter", "AtkinsonHyperlegibleNext"}
    for name in fonts:
        assert "SIL Open Font License, Version 1.1" in (FOLDER / f"fonts/OFL-{name}.txt").read_text()
