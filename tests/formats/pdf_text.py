"""The text of a PDF page, through the ToUnicode maps of its fonts: what a reader would copy."""

import io
import re

import pikepdf

_CHAR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)


def pages(data: bytes) -> list[str]:
    """The text of each page, without spaces of layout."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [_page(page) for page in pdf.pages]


def _page(page: pikepdf.Page) -> str:
    maps = {name: _unicode(font) for name, font in _fonts(page).items()}
    pieces: list[str] = []
    current: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            pieces.append(_shown(operands[0], current))
    return "".join(pieces)


def _fonts(page: pikepdf.Page) -> dict[str, pikepdf.Object]:
    fonts = page.resources.get("/Font", pikepdf.Dictionary())
    return {str(name): font for name, font in fonts.items()}


def _shown(operand: pikepdf.Object, glyphs: dict[int, str]) -> str:
    strings = operand if isinstance(operand, pikepdf.Array) else [operand]
    raw = b"".join(bytes(item) for item in strings if isinstance(item, pikepdf.String))
    codes = (int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2))
    return "".join(glyphs.get(code, "\ufffd") for code in codes)


def _unicode(font: pikepdf.Object) -> dict[int, str]:
    glyphs: dict[int, str] = {}
    for kind, block in _BLOCK.findall(font.ToUnicode.read_bytes()):
        if kind == b"bfchar":
            glyphs |= {int(code, 16): _text(text) for code, text in _CHAR.findall(block)}
        else:
            glyphs |= _ranges(block)
    return glyphs


def _ranges(block: bytes) -> dict[int, str]:
    return {
        code: chr(ord(_text(text)) + code - int(first, 16))
        for first, last, text in _RANGE.findall(block)
        for code in range(int(first, 16), int(last, 16) + 1)
    }


def _text(hexadecimal: bytes) -> str:
    return bytes.fromhex(hexadecimal.decode()).decode("utf-16-be")
