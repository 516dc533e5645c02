"""Texts of one line: names, titles, numbers, addresses, as people type or paste them."""

import unicodedata

from jalon.core.errors import DomainError

# Unicode's embeddings, overrides and isolates: what follows them reads in another order than it is written.
_DIRECTIONS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def tidy(text: str) -> str:
    """A text as it reads: without what nobody sees (Unicode's Cf), words one space apart, accents composed.

    What is pasted from a letter brings zero-width spaces, marks of direction and soft hyphens: two names that
    look the same would be two people.
    """
    seen = (character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


def one_line(text: str, place: str = "") -> str:
    """The text, tidy. Raises DomainError `unseen_character` at `place` for what no keyboard types.

    A change of direction shows another text than the one that is kept; a control character is no letter.
    """
    for rank, character in enumerate(text, start=1):
        if _is_refused(character):
            raise DomainError(
                f"Le caractère n° {rank} (U+{ord(character):04X}) ne se voit pas et change ce qui se lit. "
                "Tapez le texte au lieu de le coller.",
                code="unseen_character",
                place=place,
            )
    return tidy(text)


def _is_refused(character: str) -> bool:
    control = unicodedata.category(character) == "Cc" and not character.isspace()
    return control or ord(character) in _DIRECTIONS
