"""Names of people: folded for matching, written for INSi, shown to readers.

What is stored stays as it was declared; these functions compute other forms of it.
"""

import re
import unicodedata
from typing import Literal

from jalon.core.errors import DomainError
from jalon.core.text import tidy

NameKind = Literal["family", "given"]

_LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "œ": "oe", "æ": "ae"})
# Letters that Unicode does not decompose. For matching only: the official rules give them no equivalent.
_STROKES = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Ħ": "H", "Þ": "TH", "ẞ": "SS"})
_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-"})
_ELIDED = re.compile("[AEIOU]|H[EIOUY]|Y[^AEIOU]")  # but Hassan, Yanis
_NOT_A_LETTER = re.compile(r"[\W_]+")
_REFUSED = re.compile(r"[^A-Z '-]")
_DOUBLED = re.compile(r"[ '][ ']")


_WORDS = re.compile(r"([\s'’-]+)")


def fold(text: str) -> str:
    """The form of a name for comparison: capitals, no accents, Œ→OE, Æ→AE, all punctuation one space.

    Two names that differ only by case, accents, apostrophes or hyphens fold to the same text (SC.INS/va1.25).
    """
    capitals = _without_accents(_without_accents(tidy(text)).upper()).translate(_STROKES)
    return " ".join(_NOT_A_LETTER.sub(" ", capitals).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def insi_name(text: str, kind: NameKind = "family") -> str:
    """A name as INSi and the INS datamatrix want it: A to Z, space, apostrophe, hyphen.

    Accents fall, Œ becomes OE, Æ becomes AE, a typographic apostrophe or hyphen becomes the plain one. A
    character without equivalent is refused, never dropped (SEL-MP-043 §2, §3.4.1).
    Raises DomainError `name_empty`, `name_character` or `name_shape`.
    """
    name = _without_accents(text.translate(_TYPOGRAPHIC)).upper().strip()
    if not name:
        raise DomainError("Le nom ou le prénom est vide. Complétez-le.", code="name_empty")
    if refused := _REFUSED.search(name):
        raise DomainError(
            f"« {text} » contient « {refused.group()} », que l’identité nationale n’accepte pas. "
            "Écrivez le nom comme sur le document d’identité.",
            code="name_character",
        )
    if fault := _shape_fault(name, kind):
        raise DomainError(
            f"« {text} » {fault}. Écrivez le nom comme sur le document d’identité.", code="name_shape"
        )
    return name


def _shape_fault(name: str, kind: NameKind) -> str:
    """What breaks the lexical rules of this kind of name, in French; nothing when it follows them."""
    hyphens = 2 if kind == "family" else 1
    faults = {
        "ne contient aucune lettre": not any(character.isalpha() for character in name),
        "commence par un tiret": name.startswith("-"),
        "a deux espaces ou apostrophes de suite": bool(_DOUBLED.search(name)),
        "a trop de tirets de suite": "-" * (hyphens + 1) in name,
        "finit par un tiret ou une apostrophe": kind == "given" and name[-1] in "-'",
    }
    return next((fault for fault, found in faults.items() if found), "")


def familiar_name(first_name: str, used_first_name: str = "") -> str:
    """How a sentence names the person: the first name they use, else the one they were given.

    INSi writes in capitals; people do not: « JEAN-PAUL » is « Jean-Paul » in a sentence. The trait stays.
    """
    name = used_first_name.strip() or first_name.strip()
    return "".join(part.capitalize() for part in _WORDS.split(name)) if name.isupper() else name


def of_name(name: str) -> str:
    """« d’Awa », « de Camille »: French elides before a vowel, the h of Hélène and the y of Yves."""
    return f"d’{name}" if _ELIDED.match(fold(name)) else f"de {name}"


def initials(birth_name: str, first_name: str) -> str:
    """« CL » for Camille LEFÈVRE: first names' letter, then the birth name's; fewer when one is missing."""
    return "".join(name[0] for name in (fold(first_name), fold(birth_name)) if name)
