"""Documents as tagged PDF/A, with Typst and our own fonts.

PDF/A-1 is the level that CDA N1, the DMP and MSSanté name (SC.DOC/va1.01, ECO.2.1.1). The same values give
the same bytes: the only date is the one given. Templates reach neither the network nor a file outside their
folder, and a person's words are data, never markup.
"""

import json
import re
import threading
from pathlib import Path
from typing import Any

import typst

from jalon.core.errors import DomainError
from jalon.formats.paper import Sheet

FOLDER = Path(__file__).parent / "typst"
# PDF/UA-1 refuses the footer of a PDF 1.4, which names the person on each page: only what stays in the house
# can have both. PDF/A-1a is tagged too.
OUTGOING = ["a-1a"]
HOUSE = ["a-2a", "ua-1"]

# Levels A and PDF/A-2 refuse a character that no font draws; PDF/A-1b would print an empty box in silence.
_MISSING_GLYPH = re.compile(r"the text `?\"?(.+?)\"?`? could not be displayed")


def render(sheet: Sheet, *, standards: list[str] = OUTGOING) -> bytes:
    """The document, PDF/A-1a by default. Raises DomainError `unprintable` when no font draws a character."""
    return _compiled(sheet.template, sheet.values(), standards)


def _compiled(template: str, values: dict[str, Any], standards: list[str]) -> bytes:
    inputs = {"data": json.dumps(values, ensure_ascii=False)}
    options: Any = standards
    try:
        made = _compiler(template).compile(format="pdf", sys_inputs=inputs, pdf_standards=options)
    except typst.TypstError as error:
        if found := _MISSING_GLYPH.search(error.message):
            raise DomainError(
                f"Le caractère « {found[1]} » ne peut pas être imprimé. Retirez-le du texte.",
                code="unprintable",
            ) from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("Typst did not return one PDF")
    return made


# Latin letters with their accents, usual signs: our fonts draw all of them, and nothing has to be tried.
_DRAWN = re.compile(
    r"[\t\n\r -~\u00a0-\u017f\u2010-\u2015\u2018-\u201f\u2020-\u2022\u2026\u202f\u2039\u203a\u20ac]*"
)


def unprintable(text: str) -> str:
    """The first character of this text that no font draws; empty when all of it can be printed."""
    if _DRAWN.fullmatch(text):
        return ""
    for character in dict.fromkeys(_DRAWN.sub("", text)):
        try:
            _compiled("line.typ", {"text": character, "fonts": ["Inter"]}, OUTGOING)
        except DomainError:
            return character
    return ""


def compile_checked(sheet: Sheet) -> bytes:
    """For tests: as `render`, once PDF/A-2b and the standards of the house took it."""
    for standards in (["a-2b"], HOUSE):
        render(sheet, standards=standards)
    return render(sheet)


_kept = threading.local()


def _compiler(template: str) -> typst.Compiler:
    """A compiler is kept by thread and template: 4 times faster than a new one, and it is not shareable."""
    compilers: dict[str, typst.Compiler] = _kept.__dict__.setdefault("compilers", {})
    if template not in compilers:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])
        compilers[template] = typst.Compiler(FOLDER / template, root=FOLDER, font_paths=fonts)
    return compilers[template]
