"""FINESS category → family: what it opens, what it is called. Data (`data/`), and pure look-ups.

No code elsewhere compares a category: what a category changes is a column of the table (a house test).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jalon.terminology.finess import categories

DATA: Final = Path(__file__).resolve().parent / "data"
NOT_KNOWN: Final = "catégorie absente de notre table : seul le socle est ouvert, le reste se choisit ici"
ANY_WORD: Final = "personne accompagnée"

# What is always open: nothing of a record can be closed.
BASE: Final = {
    "identity": "identité", "stays": "séjours", "plan": "projet personnalisé", "agenda": "agenda",
    "notes": "écrits", "documents": "documents", "incidents": "événements indésirables",
}  # fmt: skip
# What a family opens or proposes, and the director opens or closes.
MODULES: Final = {
    "places": "places et nuits",
    "day_attendance": "pointage de jour",
    "care": "soins et circuit du médicament",
    "aggir": "AGGIR et GMP",
    "serafin": "SERAFIN-PH",
    "schooling": "scolarité",
    "transport": "transport",
    "work": "travail et insertion",
    "orders": "ordonnances et protection de l’enfance",
    "rights": "droits, logement, budget",
    "mandates": "mandats de protection",
    "rounds": "tournées et plan d’aide",
    "billing": "facturation",
    "allowance": "argent de poche",
    "anonymous": "accueil anonyme ou sous pseudonyme",
}


@dataclass(frozen=True)
class Family:
    """What a category of establishments brings. `remark` says in French why it brings less than a family."""

    code: str
    word: str = ANY_WORD
    at_home: bool = False
    open: frozenset[str] = frozenset()
    proposed: frozenset[str] = frozenset()
    documents: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    remark: str = ""


def family_of(category: str) -> Family:
    """The family of a FINESS category (TRE_R66); for any other, the base alone and a remark that says why."""
    return _families().get(category) or Family("", remark=_why_none(category))


def outside() -> dict[str, str]:
    """Active categories of the field that keep no individual record → the reason."""
    return {code: row["reason"] for row in _rows("outside.csv") for code in row["categories"].split()}


def _why_none(category: str) -> str:
    known = categories().get(category)
    if reason := outside().get(category):
        return reason
    if known and known.valid_to:
        return f"catégorie fermée au répertoire FINESS le {known.valid_to}"
    return NOT_KNOWN


@cache
def _families() -> dict[str, Family]:
    return {code: _family(row) for row in _rows("families.csv") for code in row["categories"].split()}


def _family(row: dict[str, str]) -> Family:
    return Family(
        row["family"],
        row["word"],
        row["at_home"] == "yes",
        frozenset(row["open"].split()),
        frozenset(row["proposed"].split()),
        tuple(row["documents"].split()),
        tuple(row["duties"].split()),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- zones -----------------------------------------------------------------------------------------


def zone_name(*, postal_code: str = "", finess: str = "") -> str:
    """The zone of an address, else of a FINESS number; Europe/Paris when neither is overseas."""
    said = {"postal_code": postal_code, "finess": finess}
    found = next((zone for source, prefix, zone in _zones() if said[source].startswith(prefix)), None)
    return found or "Europe/Paris"


def zone_names() -> tuple[str, ...]:
    """Every zone of the territory, Paris first."""
    return ("Europe/Paris", *sorted({zone for _, _, zone in _zones()}))


@cache
def _zones() -> tuple[tuple[str, str, str], ...]:
    """(source, prefix, zone), the address before the number, the longest prefix first."""
    rows = [(row["source"], row["prefix"], row["zone"]) for row in _rows("zones.csv")]
    return tuple(sorted(rows, key=lambda row: (row[0] != "postal_code", -len(row[1]))))
