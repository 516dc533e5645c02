"""Places of birth: communes with their history (COG), countries and territories.

A commune keeps its code while it exists; names and codes change. What is asked "on a day" answers with what
was true that day (EXI ID 14-15). The register gives no date for countries: they answer for any day.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jalon.core.identity import UNKNOWN_PLACE
from jalon.core.names import fold
from jalon.terminology.files import entry_named, rows
from jalon.terminology.lists import ALWAYS, Validity

ABROAD = "99"
# Names that people write and the register of today no longer has; the code was theirs, and is their heir's.
# Source: INSEE, « Pays et territoires étrangers », former names of each code.
FORMER_COUNTRIES = {
    "VIETNAM": "99243",
    "YOUGOSLAVIE": "99121",
    "URSS": "99123",
    "UNION SOVIETIQUE": "99123",
    "ZAIRE": "99312",
    "BIRMANIE": "99224",
    "HAUTE VOLTA": "99331",
    "DAHOMEY": "99327",
    "CEYLAN": "99235",
    "ANGLETERRE": "99132",
    "RFA": "99109",
    "USA": "99404",
}
_UNKNOWN_LABEL = "Lieu de naissance inconnu"


@dataclass(frozen=True)
class Place:
    """A commune or a country under one name; `validity` says when the code had this name."""

    code: str
    name: str
    validity: Validity = ALWAYS

    @property
    def is_abroad(self) -> bool:
        return self.code.startswith(ABROAD)

    @property
    def department(self) -> str:
        """« 01 », « 2A », « 974 »; empty abroad."""
        if self.is_abroad:
            return ""
        return self.code[:3] if self.code.startswith(("97", "98")) else self.code[:2]

    @property
    def display(self) -> str:
        """« Saint-Denis (974) », or the name of a country."""
        return f"{self.name} ({self.department})" if self.department else self.name


def place(cog: str, on: dt.date | None = None) -> Place | None:
    """The place of that code on that day, or today's name of it; None when it had none."""
    known = _places().get(cog, ())
    if on is None:
        return known[-1] if known else None
    return next((place for place in known if on in place.validity), None)


def place_label(cog: str, on: dt.date | None = None) -> str:
    """The name of the place on that day; else its last known name; else the code itself."""
    if cog == UNKNOWN_PLACE:
        return _UNKNOWN_LABEL
    found = place(cog, on) or place(cog)
    return found.name if found else cog


def is_birth_place(cog: str, on: dt.date) -> bool:
    """Whether `cog` may be the birthplace of someone born that day: in force then, or 99999 (unknown)."""
    return cog == UNKNOWN_PLACE or place(cog, on) is not None


def search_places(text: str, on: dt.date | None = None, limit: int = 20) -> list[Place]:
    """Places whose name begins with `text`, then those with a word that does; by name, in force on `on`.

    Case, accents and hyphens do not count. Without `on`, only what exists today.
    """
    wanted = fold(text)
    if not wanted:
        return []
    found = [
        (not name.startswith(wanted), name, one.code, one)
        for name, one in _folded()
        if f" {wanted}" in f" {name}" and (on in one.validity if on else one.validity.end is None)
    ]
    return [one for *_, one in sorted(found, key=lambda match: match[:3])[:limit]]


def named_places(name: str, on: dt.date) -> list[Place]:
    """The places of this very name on that day, as people write it: « St-Étienne », « URSS ».

    A district of Paris that had two codes is the one in use.
    """
    said = _in_full(fold(name))
    wanted = {said, f"{said} ARRONDISSEMENT"}
    if code := FORMER_COUNTRIES.get(said):
        wanted.add(fold(_places()[code][-1].name))
    found: dict[str, Place] = {}
    for folded, one in _folded():
        if folded in wanted and on in one.validity:
            found.setdefault(one.display, one)
    return list(found.values())


def _in_full(name: str) -> str:
    """Without the abbreviations of envelopes: « ST », « 13EME »."""
    words = [_SHORT.get(word, word) for word in name.split()]
    return re.sub(r"\b(\d+)(?:EME|ER|E|RE)?(?: ARR| ARRDT)?$", _district, " ".join(words))


_SHORT = {"ST": "SAINT", "STE": "SAINTE"}


def _district(match: re.Match[str]) -> str:
    return f"{match[1]}ER" if match[1] == "1" else f"{match[1]}E"


@cache
def _places() -> dict[str, tuple[Place, ...]]:
    """The names of each code, oldest first."""
    known: dict[str, list[Place]] = defaultdict(list)
    for one in _read():
        known[one.code].append(one)
    return {code: tuple(names) for code, names in known.items()}


@cache
def _folded() -> tuple[tuple[str, Place], ...]:
    return tuple((fold(one.name), one) for names in _places().values() for one in names)


def _read() -> Iterator[Place]:
    for row in rows(entry_named("cog_communes")):
        bounds = [dt.date.fromisoformat(day) if day else None for day in (row["valid_from"], row["valid_to"])]
        yield Place(row["code"], row["label"], Validity(*bounds) if any(bounds) else ALWAYS)
    for row in rows(entry_named("cog_pays")):
        yield Place(row["code"], row["label"])
