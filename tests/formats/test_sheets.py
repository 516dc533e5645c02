"""Spreadsheets: the same rows whatever program wrote them, and a refusal with its line for what is none."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from jalon.core.errors import DomainError
from jalon.formats import sheets
from jalon.formats.sheets import Row

LINES = [["Nom", "Prénom", "RPPS", "Début"], ["ÉRABLE", "Ana", "10100000001", "2026-12-01"]]
ROWS = [Row(rank, tuple(cells)) for rank, cells in enumerate(LINES, start=1)]


def workbook(lines: list[list[object]]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refused(words: str, place: str = "") -> object:
    return pytest.raises(
        DomainError, check=lambda refusal: words in refusal.message and refusal.place == place
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_is_read_whatever_its_separator_and_its_alphabet(separator: str, alphabet: str) -> None:
    text = "\r\n".join(separator.join(line) for line in LINES)
    assert sheets.read(text.encode(alphabet)) == ROWS


def test_a_workbook_says_the_same_with_its_numbers_and_its_days() -> None:
    lines: list[list[object]] = [list(LINES[0]), ["ÉRABLE", "Ana", 10100000001, dt.date(2026, 12, 1)]]
    assert sheets.read(workbook(lines)) == ROWS
    assert sheets.read(workbook([list(LINES[0]), ["ÉRABLE", "Ana", 10100000001.0, "2026-12-01"]])) == ROWS


def test_empty_lines_count_in_the_numbers_and_are_left_out() -> None:
    assert [row.number for row in sheets.read(b"Nom\n\n  \nX\n")] == [1, 4]
    assert [row.number for row in sheets.read(workbook([["Nom"], [None], ["X"]]))] == [1, 3]


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        (b"", "vide", ""),
        (b"\n\n", "vide", ""),
        (b'Nom\n"ouvert;\nX', "guillemet", "ligne 3"),
        (b"Nom\0X\n", "pas un tableau", ""),
        (b"Nom\n" * (sheets.ROWS + 1), "Plus de 5000 lignes", "ligne 5001"),
        (b"Nom\n" + b"x" * 501, "plus de 500 signes", "ligne 2"),
        (b";" * 60, "Plus de 60 colonnes", "ligne 1"),
        (b"x" * (sheets.LARGEST + 1), "Mo", ""),
        (sheets.ZIP + b"rien", "ne se lit pas", ""),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(data: bytes, words: str, place: str) -> None:
    with refused(words, place):
        sheets.read(data)


def changed(name: str, text: bytes) -> bytes:
    """A workbook one part of which is replaced, or added."""
    source, out = zipfile.ZipFile(io.BytesIO(workbook([["Nom"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            if part.filename != name:
                archive.writestr(part, source.read(part))
        archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("xl/media/image1.bin", b"\0" * (sheets.UNFOLDED + 1), "bien plus qu’une liste"),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "ne se lit pas"),
        ("xl/workbook.xml", b"<rien/>", "ne se lit pas"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c", "ne se lit pas"),
    ],
)
def test_a_workbook_that_unfolds_or_lies_is_refused(name: str, text: bytes, words: str) -> None:
    with refused(words):
        sheets.read(changed(name, text))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(workbook([["Nom", "Prénom"], ["ÉRABLE", "Ana"]]))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        sheets.read(bytes(whole))
    except DomainError as refusal:
        assert refusal.code == "not_a_table"


def test_a_file_of_ours_computes_nothing_and_is_read_back() -> None:
    formula = "=HYPERLINK(1)"
    data = sheets.write([["Nom"], [formula]])
    assert b"'=HYPERLINK" in data
    assert [row.cells for row in sheets.read(data)] == [("Nom",), (formula,)]
