"""A table that somebody kept in a spreadsheet: CSV or XLSX, bytes → rows of text, each with its number.

Nothing of a workbook is run: the values that its first sheet shows are read. The bounds are those of a list
of people; a workbook that unfolds beyond them is refused before it is opened.
"""

import csv
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from jalon.core.errors import DomainError

LARGEST: Final = 5 * 2**20  # bytes of a file
UNFOLDED: Final = 50 * 2**20  # bytes of what a workbook holds
ROWS, COLUMNS, CELL = 5000, 60, 500
ZIP: Final = b"PK\x03\x04"
SIGNS: Final = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would compute."""


@dataclass(frozen=True)
class Row:
    """A line as the spreadsheet numbers it, and its cells."""

    number: int
    cells: tuple[str, ...]


def read(data: bytes) -> list[Row]:
    """The lines that hold something. Raises DomainError, with the line where the file stops being one."""
    if len(data) > LARGEST:
        raise _refused(
            f"Ce fichier dépasse {LARGEST // 2**20} Mo. Une liste de personnes en fait bien moins."
        )
    found = [row for row in (_workbook if data.startswith(ZIP) else _csv)(data) if any(row.cells)]
    if not found:
        raise _refused("Ce fichier est vide. Choisissez celui qui tient la liste.")
    return found


def write(rows: Iterable[Iterable[str]]) -> bytes:
    """A CSV that a spreadsheet opens as it is, and computes nothing of."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv(data: bytes) -> Iterator[Row]:
    text = _text(data)
    if "\0" in text:
        raise _refused("Ce fichier n’est pas un tableau. Enregistrez-le en CSV ou en XLSX.")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        for cells in reader:
            yield _row(reader.line_num, cells)
    except csv.Error as error:
        raise _refused(
            "Un guillemet est ouvert et jamais fermé, ou mal placé. Corrigez-le.", reader.line_num
        ) from error


def _text(data: bytes) -> str:
    """Spreadsheets of here write UTF-8, or the alphabet of Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _workbook(data: bytes) -> Iterator[Row]:
    try:
        _check_size(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the sheet says of its size is not believed
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield _row(number, map(_said, cells))
    except UNREADABLE as error:
        raise _refused("Ce classeur ne se lit pas. Enregistrez-le de nouveau en XLSX, ou en CSV.") from error


UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, SyntaxError, KeyError, ValueError,
    TypeError, IndexError, AttributeError, EOFError, NotImplementedError, OverflowError, OSError,
)  # fmt: skip
"""What the library raises on a workbook that is none, or whose parts do not go together."""


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNFOLDED:
            raise _refused("Ce classeur contient bien plus qu’une liste. Gardez-en une seule feuille.")
        if any(b"<!DOCTYPE" in archive.read(part) for part in archive.infolist()):
            raise ValueError("a workbook declares no document type")


def _row(number: int, cells: Iterable[str]) -> Row:
    found = tuple(_clean(cell) for cell in cells)
    if number > ROWS:
        raise _refused(f"Plus de {ROWS} lignes. Coupez la liste en plusieurs.", number)
    if len(found) > COLUMNS or any(len(cell) > CELL for cell in found):
        raise _refused(f"Plus de {COLUMNS} colonnes, ou une case de plus de {CELL} signes.", number)
    return Row(number, found)


def _clean(cell: str) -> str:
    """A cell on one line, without what `_inert` put in front."""
    said = " ".join(cell.split())
    return said[1:] if said.startswith("'") and said[1:].startswith(SIGNS) else said


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(SIGNS) else cell


def _said(value: object) -> str:
    """What a cell shows: a day as the calendar writes it, a number without decimals that it has not."""
    match value:
        case None:
            return ""
        case dt.datetime():
            return value.isoformat()[:10]
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _refused(words: str, line: int | None = None) -> DomainError:
    return DomainError(words, code="not_a_table", place=f"ligne {line}" if line else "")
