"""Text as people paste it, made into text as people read it. Pure."""

import re
from typing import Final

# What word processors paste for a bullet, an arrow, a tick: places of the private use area that only their
# own fonts (Symbol, Wingdings) draw.
PASTED: Final = {
    "\uf0b7": "•", "\uf0a7": "▪", "\uf0a8": "▪", "\uf06e": "▪", "\uf0d8": "→", "\uf0e0": "→", "\uf0e8": "→",
    "\uf0fc": "✓", "\uf0fe": "✓", "\uf02d": "-", "\uf076": "•", "\uf0be": "–",
}  # fmt: skip
_PASTED = str.maketrans(PASTED)
# Controls that no reader sees; tabs and line ends stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def drawn(text: str) -> str:
    """The bullets of word processors as bullets that every font draws, without invisible controls."""
    return _CONTROLS.sub("", text.translate(_PASTED))
