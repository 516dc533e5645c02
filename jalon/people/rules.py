"""Identity: which traits differ, what a change does to the status, who looks alike. Pure."""

import datetime as dt
from dataclasses import replace

from jalon.core.identity import UNKNOWN_PLACE, Traits
from jalon.core.names import fold, tidy

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
    """The same, its names without what nobody sees."""
    return replace(
        traits,
        birth_name=tidy(traits.birth_name),
        first_name=tidy(traits.first_name),
        birth_first_names=tidy(traits.birth_first_names),
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
    """How much two identities look like one (recherche d’antériorité, SC.INS/va1.02).

    3 the same names and date, 2 likely (one of the names, or both in each other's place), 1 to look at, 0 no.
    """
    names = fold(typed.birth_name) == fold(known.birth_name)
    firsts = _first(typed) == _first(known)
    date = typed.birth_date == known.birth_date
    if names and firsts and date:
        return 3
    if date and (names or firsts or _swapped(typed, known)):
        return 2
    return 1 if names and firsts and _slip(typed.birth_date, known.birth_date) else 0


def _swapped(one: Traits, other: Traits) -> bool:
    """Is the name of each the first name of the other?"""
    return (fold(one.birth_name), fold(one.first_name)) == (fold(other.first_name), fold(other.birth_name))


def _first(traits: Traits) -> str:
    words = fold(traits.first_name).split()
    return words[0] if words else ""


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
