"""What is shown of a received document: everything it says, nothing it could do."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.formats.cda.body import Document, Embedded, Listing, Paragraph, Section, Structured, Table
from jalon.formats.cda.reader import read
from jalon.formats.cda.received import Node, ReadSection
from jalon.formats.cda.render import anchor, fragment, joined, pdf_of
from jalon.formats.cda.writer import write
from tests.formats.cda import samples
from tests.formats.cda.documents import DOCUMENTS
from tests.formats.cda.samples import EXAMPLES
from tests.support import SHARED, needs_shared

TAGS = {
    *("article", "header", "section", "div", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "p", "br", "a"),
    *("ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("span", "strong", "em", "u", "sub", "sup", "small"),
}
ATTRIBUTES = {"class", "id", "colspan", "rowspan", "scope", "href", "role", "aria-label", "tabindex"}


class Audit(HTMLParser):
    """Fails on any element, attribute or address that the fragment may not hold; collects its words."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES
            assert name != "href" or (value or "").startswith("#cda-")
            if name == "id":
                assert (value or "").startswith("cda-")
                self.ids.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = handle_comment = unknown_decl


def audited(html: str) -> Audit:
    audit = Audit()
    audit.feed(html)
    audit.close()
    return audit


def shown(document: Document) -> str:
    return fragment(read(write(document)))


@needs_shared
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_published_example_is_shown_safely_and_whole(path: Path) -> None:
    document = read(path.read_bytes())
    audit = audited(fragment(document))
    text = re.sub(r"\s+", "", "".join(audit.words))
    for section in _every(document.sections):
        assert re.sub(r"\s+", "", section.title) in text
        for words in _words(section.narrative):
            assert re.sub(r"\s+", "", words) in text


def _every(sections: tuple[ReadSection, ...]) -> list[ReadSection]:
    return [found for section in sections for found in (section, *_every(section.sections))]


def _words(nodes: tuple[Node | str, ...]) -> list[str]:
    return [word for node in nodes for word in ([node] if isinstance(node, str) else _words(node.children))]


@needs_shared
def test_the_pdf_of_an_example_is_its_body_or_its_copy() -> None:
    found = {path.stem: pdf_of(read(path.read_bytes())) for path in EXAMPLES}
    assert (found["DOC_NON_STRUCTURE_CDA-R2-N1"] or b"").startswith(b"%PDF-1.5")
    assert (found["eP-MED-DM_2024.01_PosoStruct"] or b"").startswith(b"%PDF-1.4")
    assert found["LDL-SES_2022.01"] is None


def test_the_pdf_we_embed_is_the_pdf_shown() -> None:
    assert pdf_of(read(write(samples.embedded()))) == samples.SMALL_PDF
    assert pdf_of(read(write(DOCUMENTS["sections and their PDF copy"]))) == samples.SMALL_PDF
    assert pdf_of(read(write(samples.structured()))) is None
    text = Document(samples.header(), Embedded(b"Bonjour", "text/plain"))
    assert pdf_of(read(write(text))) is None


def test_the_header_is_shown_with_its_identity_and_a_masked_ins() -> None:
    html = shown(samples.structured(samples.PROTECTED))
    assert "CORSE ANTHONY, utilise ANTO D’ISTRIA, né le 2 mars 1980, sexe masculin" in html
    assert "401" not in html
    assert "24 novembre 2026 à 14\u00a0h\u00a015" in html
    assert "MME Cléa MARTIN, Infirmier, IME « Les Œillets » de l’Île-d’Aix" in html


@needs_shared
def test_a_birth_date_is_shown_as_far_as_it_is_known() -> None:
    year = (SHARED / "cases/cda_birth_year_only.xml").read_bytes()
    assert "né en 1951, sexe masculin" in (html := fragment(read(year))) or "née en 1951" in html
    assert "31 décembre" not in html
    month = fragment(read(year.replace(b'birthTime value="1951"', b'birthTime value="195105"')))
    assert "en mai 1951" in month


@needs_shared
def test_each_joined_file_of_the_examples_is_given_and_each_place_that_shows_one_leads_to_it() -> None:
    places = 0
    for path in EXAMPLES:
        document = read(path.read_bytes())
        named = {anchor(f"file-{file.id}") for file in joined(document) if file.id}
        led = set(re.findall(r'class="cda-media" href="#([^"]+)"', fragment(document)))
        assert led <= named, path.name
        places += len(led)
    assert places


def test_a_picture_that_is_the_whole_document_is_a_joined_file() -> None:
    (one,) = joined(read(write(Document(samples.header(), Embedded(b"\xff\xd8\xff", "image/jpeg")))))
    assert (one.media_type, one.data) == ("image/jpeg", b"\xff\xd8\xff")
    assert joined(read(write(Document(samples.header(), Embedded(b"%PDF-1.4"))))) == ()


def test_narrative_keeps_its_paragraphs_lists_and_tables() -> None:
    html = shown(samples.structured())
    assert "<p>Je veux <strong>cuisiner</strong> avec « Cœur &amp; Co ».<br>Et dormir ici.</p>" in html
    assert "<ol><li>Premier</li><li>Deuxième <u>souligné</u></li></ol>" in html
    assert "<caption>Les objectifs de l’année</caption>" in html
    assert '<th scope="col">Objectif</th>' in html
    assert "<td>Œuvrer &lt; 3 fois &amp; demie</td>" in html


def test_a_text_body_is_shown_and_another_is_named() -> None:
    text = Document(samples.header(), Embedded("Œil <b>sec</b>\nFin".encode(), "text/plain"))
    assert "Œil &lt;b&gt;sec&lt;/b&gt;<br>Fin" in shown(text)
    picture = Document(samples.header(), Embedded(b"\xff\xd8\xff\xe0", "image/jpeg"))
    assert "un fichier image/jpeg" in shown(picture)


HOSTILE = """
<section xmlns="urn:hl7-org:v3"><title>&lt;img src=x onerror=alert(1)&gt;</title><text>
<paragraph ID='x" onmouseover="alert(1)' styleCode="Bold"><script>alert(1)</script>a</paragraph>
<linkHtml href="javascript:alert(1)">lien</linkHtml><linkHtml href="https://ailleurs.test/">dehors</linkHtml>
<linkHtml href="#note 1">note</linkHtml><renderMultiMedia referencedObject="doc"/>
<svg xmlns="http://www.w3.org/2000/svg"><style>*{}</style><image href="https://ailleurs.test/"/></svg>
<table><tbody><tr>
<td colspan="99999" rowspan="x" style="position:fixed" onclick="alert(1)">b</td><td colspan="999">h</td>
</tr></tbody></table>
<list><item>c<list listType="ordered"><item>d</item></list></item></list>
<content styleCode="xFix BoldItalics">e</content><footnote ID="n">f</footnote><paragraph>g<table/></paragraph>
</text></section>
"""


def test_hostile_narrative_is_only_words() -> None:
    data = write(samples.structured()).replace(
        b"<section>", HOSTILE.strip().encode() + b"</component><component><section>", 1
    )
    html = fragment(read(data))
    audit = audited(html)
    assert "<script" not in html
    assert "<img" not in html
    assert "ailleurs" not in html
    assert '<a href="#cda-note-1">note</a>' in html
    assert 'colspan="999"' not in html
    assert "<strong><em>e</em></strong>" in html.replace(
        "<em><strong>e</strong></em>", "<strong><em>e</em></strong>"
    )
    assert "cda-x-onmouseover-alert-1-" in audit.ids
    assert '<a class="cda-media" href="#cda-file-doc">' in html


def test_headings_never_go_below_the_sixth_level() -> None:
    section = Section("Fond", (Paragraph("x"),))
    for _ in range(8):
        section = Section("Niveau", (Paragraph("x"),), sections=(section,))
    html = shown(Document(samples.structured().header, Structured((section,))))
    audited(html)
    assert html.count("<h6>") == 6


def test_a_document_without_title_is_named_by_its_type() -> None:
    document = replace(read(write(samples.structured())), title="")
    assert "<h2>Projet personnalisé d&#x27;accompagnement</h2>" in fragment(document)
    assert "<h3>Document sans titre</h3>" in fragment(replace(document, code=None), heading=3)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60))
def test_any_words_are_shown_as_they_are(words: str) -> None:
    section = Section(words, (Paragraph(words), Listing((words,)), Table((words,), ((words,),))))
    html = shown(Document(samples.structured().header, Structured((section,))))
    audit = audited(html)
    assert re.sub(r"[ \t\r\n]+", " ", words).strip(" ") in "".join(audit.words)
