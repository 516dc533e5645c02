"""What is written comes back: the reader and the writer agree on every fact of the header."""

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.formats.cda.body import Document, Embedded, Listing, Paragraph, Section, Span, Structured, Table
from jalon.formats.cda.header import Address, Author, Header, Id, PersonName, Telecom
from jalon.formats.cda.reader import read
from jalon.formats.cda.received import Node, ReadDocument
from jalon.formats.cda.writer import write
from tests.formats.cda import samples
from tests.formats.cda.documents import DOCUMENTS

# What XML can carry, without the ends and runs of spaces that a header collapses.
_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs"), include_characters=" &<>\"'’œŒéÀ\u00a0\u202f"
)
LINES = st.text(_CHARACTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split(" ")).strip(" "))
WORDS = LINES.filter(lambda text: text and "  " not in text)
NUMBERS = st.from_regex(r"[A-Za-z0-9-]{1,15}", fullmatch=True)
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
TIMES = st.builds(dt.datetime.fromtimestamp, st.integers(-2_000_000_000, 4_000_000_000), OFFSETS)


def facts(source: ReadDocument | Header) -> dict[str, object]:
    return {field.name: getattr(source, field.name) for field in fields(Header)}


def without_spaces_in_telephones(header: Header) -> Header:
    """§3.5.6.2: the writer removes them."""
    telecoms = tuple(replace(found, value="".join(found.value.split())) for found in header.patient.telecoms)
    return replace(header, patient=replace(header.patient, telecoms=telecoms))


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "RNIV" not in name])
def test_the_header_read_is_the_header_written(name: str) -> None:
    document = DOCUMENTS[name]
    written = without_spaces_in_telephones(document.header)
    assert facts(read(write(document))) == facts(written)
    assert read(write(document)).header() == written


def test_with_an_ins_the_completed_birth_date_is_a_full_date() -> None:
    patient = read(write(DOCUMENTS["an INS whose birth date RNIV completed"])).patient
    assert (patient.birth_date, patient.birth_date_precision) == (dt.date(1975, 12, 31), "day")


EVERY_BYTE = b"%PDF-1.4 " + bytes(range(256))


def test_the_file_read_is_the_file_written() -> None:
    embedded = read(write(samples.embedded(pdf=EVERY_BYTE)))
    assert embedded.embedded == Embedded(EVERY_BYTE)
    assert (embedded.level, embedded.media_type) == (1, "application/pdf")


def test_the_pdf_copy_comes_back_as_the_copy() -> None:
    document = read(write(DOCUMENTS["sections and their PDF copy"]))
    (copy,) = document.attachments
    assert (copy.is_copy, copy.media_type, copy.data) == (True, "application/pdf", samples.SMALL_PDF)
    assert document.level == 3


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, WORDS)
def test_any_name_and_title_come_back(title: str, family: str, given_name: str, place: str) -> None:
    patient = replace(
        samples.UNKNOWN_DAY, birth_name=family, used_name=place, first_name=given_name, birth_place_name=place
    )
    header = samples.header(patient, title=title)
    assert facts(read(write(Document(header, Embedded(EVERY_BYTE))))) == facts(header)


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, NUMBERS, TIMES)
def test_any_author_comes_back(family: str, line: str, house: str, number: str, moment: dt.datetime) -> None:
    author = Author(
        moment,
        replace(
            samples.NURSE_MARTIN,
            id=Id(samples.PROFESSIONALS, number),
            person=PersonName(family, line, birth_family=house),
            organization=replace(samples.HOME, name=house),
            addresses=(Address(lines=(line, house)),),
            telecoms=(Telecom(f"tel:{number}"),),
        ),
    )
    document = read(write(samples.embedded(authors=(author,), effective_time=moment)))
    assert document.authors == (author,)
    assert document.effective_time == moment


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_any_narrative_comes_back(texts: list[str], title: str) -> None:
    blocks = (
        Paragraph((texts[0], Span(texts[-1], "Bold"))),
        Listing(tuple(texts)),
        Table((title,), tuple((text,) for text in texts)),
    )
    document = Document(samples.structured().header, Structured((Section(title, blocks),)))
    (section,) = read(write(document)).sections
    paragraph, listing, table = section.narrative
    assert section.title == title
    assert paragraph == Node("paragraph", (texts[0], Node("content", (texts[-1],), (("styleCode", "Bold"),))))
    assert [item.children for item in listing.children if isinstance(item, Node)] == [
        (text,) for text in texts
    ]
    assert _words(table) == [title, *texts]


def _words(node: Node | str) -> list[str]:
    return [node] if isinstance(node, str) else [word for child in node.children for word in _words(child)]


def test_a_line_end_is_a_line_break() -> None:
    section = Section("Dit", (Paragraph("Un\nDeux\r\nTrois"),))
    document = Document(samples.structured().header, Structured((section,)))
    (paragraph,) = read(write(document)).sections[0].narrative
    assert paragraph == Node("paragraph", ("Un", Node("br"), "Deux", Node("br"), "Trois"))
