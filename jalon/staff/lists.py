"""A list of staff as a spreadsheet keeps it: which column says what, and what each line asks. Pure."""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jalon.core.errors import DomainError
from jalon.core.text import one_line
from jalon.staff.rules import Role

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "last_name": ("nom", "nom de famille", "nom d usage", "nom usuel"),
    "first_name": ("prenom", "prenom usuel", "prenoms"),
    "email": ("courriel", "email", "e mail", "mail", "adresse mail", "adresse electronique", "adresse email"),
    "rpps": ("rpps", "n rpps", "numero rpps", "no rpps"),
    "job": ("poste", "emploi", "intitule", "intitule du poste", "metier"),
    "role": ("fonction", "role", "profil", "fonction jalon"),
    "house": ("etablissement", "finess", "n finess", "finess etablissement", "etablissement ou service"),
    "unit": ("unite", "service", "groupe"),
    "starts_on": ("debut", "date de debut", "arrivee", "date d arrivee", "entree", "date d entree", "du"),
    "ends_on": ("fin", "date de fin", "depart", "date de depart", "sortie", "date de sortie", "au"),
    "known": ("deja connu", "connu"),
}
"""What is read → how people head it, without accents or signs."""
TITLES: Final[dict[str, str]] = {
    "last_name": "Nom", "first_name": "Prénom", "email": "Courriel", "rpps": "RPPS", "job": "Poste",
    "role": "Fonction", "house": "Établissement", "unit": "Unité", "starts_on": "Début", "ends_on": "Fin",
    "known": "Déjà connu",
}  # fmt: skip
NEEDED: Final = ("last_name", "first_name", "email", "role", "house")
LONGEST: Final = {"last_name": 100, "first_name": 100, "job": 100, "email": 254}
ADDRESS: Final = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\".]+")
YES: Final = ("oui", "o", "x", "1", "vrai")
DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Line:
    """What a line asks, and what is wrong in it: column → words."""

    number: int
    said: Mapping[str, str]
    role: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    known: bool = False
    wrong: Mapping[str, str] = field(default_factory=dict)


def mapping(headers: Sequence[str]) -> dict[int, str]:
    """Rank of a column → what is read of it. Raises DomainError when one is missing, or there twice."""
    found = {rank: name for rank, header in enumerate(headers) if (name := _name_of(header))}
    twice = [TITLES[name] for name, count in Counter(found.values()).items() if count > 1]
    if twice:
        raise DomainError(
            f"Deux colonnes disent la même chose : {', '.join(twice)}. N’en gardez qu’une.",
            code="column_twice",
            place="ligne 1",
        )
    if missing := [TITLES[name] for name in NEEDED if name not in found.values()]:
        raise DomainError(
            f"Il manque des colonnes : {', '.join(missing)}. Ajoutez-les, nommées ainsi.",
            code="column_missing",
            place="ligne 1",
        )
    return found


def line_of(number: int, cells: Sequence[str], columns: Mapping[int, str]) -> Line:
    """A line of the list, by its columns."""
    said = {name: cells[rank] if rank < len(cells) else "" for rank, name in columns.items()}
    said["email"] = said["email"].lower()
    days, wrong = {}, _wrong(said)
    for name in ("starts_on", "ends_on"):
        days[name] = _day(said.get(name, ""))
        if said.get(name) and days[name] is None:
            wrong[name] = f"« {said[name]} » n’est pas un jour. Écrivez JJ/MM/AAAA."
    if days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
        wrong["ends_on"] = "La fin est avant le début."
    role = _role(said["role"])
    if said["role"] and not role:
        wrong["role"] = f"« {said['role']} » n’est pas une fonction de Jalon."
    known = plain(said.get("known", "")) in YES
    return Line(number, said, role, days["starts_on"], days["ends_on"], known, wrong)


def twins(lines: Iterable[Line]) -> dict[int, str]:
    """Lines that name differently somebody of another line, or say the same thing twice: number → words.

    Somebody may have several lines, each with a function; their names are then the same on each.
    """
    found: dict[int, str] = {}
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        for column in ("email", "rpps"):
            value = line.said.get(column, "")
            earlier = first.setdefault((column, value), line) if value else line
            if earlier is not line and not _goes_with(earlier, line):
                found[line.number] = (
                    f"Même {TITLES[column]} que la ligne {earlier.number}, pour une autre personne."
                )
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        same = seen.setdefault(_what(line), line.number)
        if same != line.number:
            found.setdefault(line.number, f"La ligne {same} dit déjà la même chose.")
    return found


def plain(text: str) -> str:
    """Small letters and figures alone, without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign if sign.isalnum() else " " for sign in bare if not unicodedata.combining(sign))
    return " ".join(kept.split())


def _goes_with(one: Line, other: Line) -> bool:
    """Is it the same person, by all that both say?"""
    names = ("first_name", "last_name", "email")
    same = all(plain(one.said[name]) == plain(other.said[name]) for name in names)
    numbers = {line.said.get("rpps", "") for line in (one, other)} - {""}
    return same and len(numbers) < 2


def _what(line: Line) -> tuple[str, ...]:
    where = (plain(line.said["house"]), plain(line.said.get("unit", "")))
    return (line.said["email"], line.role or line.said["role"], *where)


def _name_of(header: str) -> str:
    return next((name for name, headers in NAMES.items() if plain(header) in headers), "")


def _wrong(said: Mapping[str, str]) -> dict[str, str]:
    wrong = {name: "Rien n’est écrit." for name in NEEDED if not said[name]}
    if said["email"] and not ADDRESS.fullmatch(said["email"]):
        wrong["email"] = "Ce n’est pas une adresse électronique."
    if said.get("rpps") and not re.fullmatch(r"\d{11}", said["rpps"], re.ASCII):
        wrong["rpps"] = "Un numéro RPPS a onze chiffres."
    for name, length in LONGEST.items():
        if len(said.get(name, "")) > length:
            wrong[name] = f"Plus de {length} signes."
        elif unseen := _unseen(said.get(name, "")):
            wrong[name] = unseen
    return wrong


def _unseen(text: str) -> str:
    try:
        one_line(text)
    except DomainError as refusal:
        return refusal.message
    return ""


def _role(text: str) -> str:
    """The role of a code, or of what it is called here."""
    found = {plain(str(words)): role.value for role in Role for words in (role.value, role.label)}
    return found.get(plain(text), "")


def _day(text: str) -> dt.date | None:
    parts = DAY.fullmatch(text)
    written = f"{parts[3]}-{parts[2]:0>2}-{parts[1]:0>2}" if parts else text
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None
