"""Identity: which traits differ, what a change does to the status, who looks alike. Pure."""

import datetime as dt
from dataclasses import replace
from typing import Any

from jalon.core.errors import DomainError
from jalon.core.identity import UNKNOWN_PLACE, Traits
from jalon.core.names import fold
from jalon.core.text import one_line
from jalon.people.asked import one_letter

# High-confidence documents (RNIV 1; SC.INS/va1.26): code → what the screen says.
PROOFS = {
    "cni": "carte nationale d’identité",
    "passeport": "passeport",
    "titre_sejour": "titre de séjour",
    "livret_famille_mineur": "livret de famille et pièce du parent (mineur)",
    "acte_et_vitale": "acte de naissance et carte Vitale avec photo (entrée directe en EHPAD)",
    "eidas": "identité numérique (France Identité, ApCV, L’Identité Numérique)",
}
LEGAL_REPRESENTATIVE = "GUARD"  # JDV_J384
BIRTH_NAMES = ("birth_name", "first_name", "birth_first_names")
TRAIT_NAMES = {
    "birth_name": "nom de naissance",
    "first_name": "premier prénom",
    "birth_first_names": "prénoms de naissance",
    "sex": "sexe",
    "birth_date": "date de naissance",
    "birth_place": "lieu de naissance",
}


def differences(ours: Traits, theirs: Traits) -> list[str]:
    """The strict traits that disagree, in French, in the order of the identity sheet.

    Names are compared folded (case, accents, hyphens and apostrophes mean nothing: SC.INS/va1.25). Our list
    of first names may be shorter than the official one: it then has to be its beginning. A birth place
    unknown to us (99999) disagrees with nothing.
    """
    return [TRAIT_NAMES[field] for field in TRAIT_NAMES if not _agree(field, ours, theirs)]


def tidied(traits: Traits) -> Traits:
    """The same, its names without what nobody sees. Raises DomainError as `one_line` and `check_name` do."""
    names: dict[str, Any] = {name: one_line(getattr(traits, name), name) for name in BIRTH_NAMES}
    for name, written in names.items():
        check_name(written, name)
    return replace(traits, **names)


def check_name(name: str, place: str) -> None:
    """Raises DomainError `name_without_letter`: « - » and « ... » name nobody."""
    if name and not any(character.isalpha() for character in name):
        raise DomainError(
            f"« {name} » ne contient aucune lettre. Écrivez le nom, ou laissez vide s’il est inconnu.",
            code="name_without_letter",
            place=place,
        )


def same_traits(one: Traits, other: Traits) -> bool:
    """True when no trait disagrees, whichever of the two lists more first names."""
    return not differences(one, other) or not differences(other, one)


def _agree(field: str, ours: Traits, theirs: Traits) -> bool:
    mine, other = getattr(ours, field), getattr(theirs, field)
    if field == "birth_first_names":
        return (fold(other) + " ").startswith(fold(mine) + " ")
    if field == "birth_place":
        return UNKNOWN_PLACE in (mine, other) or mine == other
    if isinstance(mine, dt.date):
        return bool(mine == other)
    return fold(mine) == fold(other)


def resemblance(typed: Traits, known: Traits) -> int:
    """How much two identities look like one (recherche d’antériorité, SC.INS/va1.02). The sex says nothing.

    3 the same names and date, 2 likely (one of the names, or both in each other's place), 1 to look at, 0 no.
    Names that a slip separates (a space, an apostrophe, a letter) count less than the same ones.
    """
    names = fold(typed.birth_name) == fold(known.birth_name)
    firsts = _first(typed) == _first(known)
    date = typed.birth_date == known.birth_date
    if names and firsts and date:
        return 3
    if date and (names or firsts or _swapped(typed, known)):
        return 2
    alike = _alike(typed.birth_name, known.birth_name) and _alike(_first(typed), _first(known))
    near = date or same_as_known(typed, known) or _slip(typed.birth_date, known.birth_date)
    return 1 if alike and near else 0


def _alike(one: str, other: str) -> bool:
    """The same letters but for spaces and apostrophes, or one letter more, less, other, or two exchanged."""
    mine, theirs = (fold(name).replace(" ", "") for name in (one, other))
    return mine == theirs or one_letter(mine, theirs)


def _swapped(one: Traits, other: Traits) -> bool:
    """Is the name of each the first name of the other?"""
    return (fold(one.birth_name), fold(one.first_name)) == (fold(other.first_name), fold(other.birth_name))


def _first(traits: Traits) -> str:
    words = fold(traits.first_name).split()
    return words[0] if words else ""


def same_as_known(one: Traits, other: Traits) -> bool:
    """The same date as far as both are known: « 1935 » says nothing against 5 July 1935."""
    known = min(_PARTS[one.birth_date_precision], _PARTS[other.birth_date_precision])
    return one.birth_date.timetuple()[:known] == other.birth_date.timetuple()[:known]


_PARTS = {"year": 1, "month": 2, "day": 3}


def _slip(one: dt.date, other: dt.date) -> bool:
    """Day and month swapped, or one of the three parts differing: the usual typing slips."""
    swapped = (one.day, one.month, one.year) == (other.month, other.day, other.year)
    same = sum((one.day == other.day, one.month == other.month, one.year == other.year))
    return swapped or same == 2  # two parts out of three


def represents(role: str, protection: str) -> bool:
    """Does this contact represent the person in law?

    By their role, « responsable légal » (JDV_J384: a parent who holds the authority, a guardian), or by the
    protection they exercise (TRE_R217). Never by a comment: what no code says is not stated.
    """
    return role == LEGAL_REPRESENTATIVE or bool(protection)


# What can kill first.
VIGILANCES = ("allergy", "swallowing", "epilepsy", "runaway", "fall", "communication", "other")
