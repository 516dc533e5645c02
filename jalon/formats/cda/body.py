"""What a document carries: an embedded file (N1) or sections of narrative and entries (N3)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jalon.formats.cda.header import Code, Header, Id, Moment

PDF = "application/pdf"
# §3.7.2: what an N1 may embed.
MEDIA_TYPES = (PDF, "text/plain", "text/rtf", "image/jpeg", "image/tiff")

Style = Literal["", "Bold", "Italics", "Underline", "Emphasis"]


# --- narrative -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """Words with a style, or with an `id` that an entry may point to."""

    text: str
    style: Style = ""
    id: str = ""


Text = str | tuple[str | Span, ...]  # a newline is a line break


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Text, ...]
    ordered: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`head` is the row of column titles, or empty; each row has as many cells."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""


Block = Paragraph | Listing | Table


# --- entries ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measure and its UCUM unit."""

    value: Decimal
    unit: str


Value = Code | Quantity | int | str | bool


@dataclass(frozen=True, slots=True)
class Observation:
    """A coded fact (FR-Simple-Observation). `reference` is the `id` of the Span that says it in words."""

    id: Id
    code: Code
    value: Value | None = None
    time: Moment | None = None
    reference: str = ""
    templates: tuple[Id, ...] = ()


# --- bodies ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    code: Code | None = None
    entries: tuple[Observation, ...] = ()
    sections: tuple["Section", ...] = ()
    templates: tuple[Id, ...] = ()
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """N1: one file. A PDF must be PDF/A-1."""

    data: bytes
    media_type: str = PDF


@dataclass(frozen=True, slots=True)
class Structured:
    """N3: sections, and the PDF/A-1 copy a reader must be shown first (FR-Document-PDF-copie, §2.2.1)."""

    sections: tuple[Section, ...]
    pdf_copy: bytes = b""


@dataclass(frozen=True, slots=True)
class Document:
    header: Header
    body: Embedded | Structured
