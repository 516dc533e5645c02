"""What may be added to a record as a paper: a PDF or a picture, known by its bytes. Pure.

Nothing is decoded here: a picture says its width and height before any pixel, and that is what is bounded.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from jalon.core.errors import DomainError

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
KINDS: Final = (PDF, JPEG, PNG)
MAX_PIXELS: Final = 64_000_000  # a page of A4 at 600 dots an inch is 35 million; a telephone gives 50 at most
MAX_CHUNKS: Final = 100_000
MAX_TITLE: Final = 128
PDF_START: Final = b"%PDF-"
PDF_END: Final = b"%%EOF"
SEARCHED: Final = 1024  # last bytes in which a PDF ends (ISO 32000-1, implementation note 18)
PNG_START: Final = b"\x89PNG\r\n\x1a\n"
JPEG_START: Final = b"\xff\xd8\xff"
JPEG_END: Final = b"\xff\xd9"
SCAN: Final = 0xDA
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

CUT = "Ce fichier est incomplet ou abîmé. Numérisez ou photographiez le papier de nouveau."
OTHER = "Ce fichier n’est ni un PDF, ni une image JPEG ou PNG, quel que soit son nom. Choisissez-en un autre."
HUGE = "Cette image a trop de points pour être ouverte sans risque. Photographiez le papier en plus petit."


def media_type(data: bytes) -> str:
    """What these bytes are, whatever their name or their sender says.

    Raises DomainError `file_kind_refused`, `file_cut` or `picture_too_large`.
    """
    if data.startswith(PDF_START):
        return _pdf(data)
    if data.startswith(JPEG_START):
        return _picture(JPEG, _jpeg_size(data))
    if data.startswith(PNG_START):
        return _picture(PNG, _png_size(data))
    raise DomainError(OTHER, code="file_kind_refused")


def title_of(file_name: str) -> str:
    """A title drawn from the name of a file: « ordonnance_du-12.pdf » is « ordonnance du 12 »."""
    stem = file_name.rpartition(".")[0] or file_name
    return " ".join(re.sub(r"[_\-.]+", " ", stem).split())[:MAX_TITLE]


def _pdf(data: bytes) -> str:
    if PDF_END not in data[-SEARCHED:]:
        raise DomainError(CUT, code="file_cut")
    return PDF


def _picture(kind: str, size: tuple[int, int] | None) -> str:
    if size is None or 0 in size:
        raise DomainError(CUT, code="file_cut")
    if size[0] * size[1] > MAX_PIXELS:
        raise DomainError(HUGE, code="picture_too_large")
    return kind


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG that has a scan and an end; None when it has not (ISO 10918-1, B.1)."""
    size = None
    for marker, start in _segments(data):
        if marker in FRAMES and len(data) >= start + 7:
            height, width = struct.unpack_from(">HH", data, start + 3)
            size = (width, height)
        if marker == SCAN:
            return size if data.rfind(JPEG_END) > start else None
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker up to the first scan, with the place of its length."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        yield marker, at + 2
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4]), 2)


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG whose chunks are whole to the last; None otherwise (W3C PNG, 5.3)."""
    size, seen, view = None, set[bytes](), memoryview(data)
    at = len(PNG_START)
    for _ in range(MAX_CHUNKS):
        if at + 12 > len(data):
            return None
        end = at + 12 + int.from_bytes(data[at : at + 4])
        name = data[at + 4 : at + 8]
        if end > len(data) or zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return None
        if name == b"IHDR" and end - at >= 20:
            size = struct.unpack_from(">II", data, at + 8)
        seen.add(name)
        if name == b"IEND":
            return size if b"IDAT" in seen else None
        at = end
    return None
