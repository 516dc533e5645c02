"""What a received message says of its person beside what a record says, trait by trait. Pure.

Five traits and the INS, as RNIV names them. A message that holds several documents says of a trait all that
they say of it: one that differs is enough.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from jalon.core.dates import birth_date_label
from jalon.core.identifiers import display_ins
from jalon.core.identity import UNKNOWN_PLACE, DatePrecision, Ins, Sex, Traits
from jalon.core.names import fold
from jalon.core.typography import NBSP
from jalon.formats.cda.header import Patient
from jalon.people.models import Person
from jalon.people.rules import TRAIT_NAMES, differences
from jalon.terminology import place_label

NAME, FIRST_NAMES, SEX, BIRTH_DATE, BIRTH_PLACE, INS = (
    "nom de naissance", "prénoms de naissance", "sexe", "date de naissance", "lieu de naissance", "INS",
)  # fmt: skip
TRAITS = {
    NAME: ("birth_name",),
    FIRST_NAMES: ("first_name", "birth_first_names"),
    SEX: ("sex",),
    BIRTH_DATE: ("birth_date",),
    BIRTH_PLACE: ("birth_place",),
}
MUST_BE_SAID = {NAME, FIRST_NAMES, SEX, BIRTH_DATE}  # without them, nothing says that it is that person
SEXES = {"M": "masculin", "F": "féminin", "U": "indéterminé"}


class Verdict(StrEnum):
    """What the two sides of a trait are to each other."""

    EQUAL = "égal"
    DIFFERENT = "différent"
    UNSAID = "non dit"


@dataclass(frozen=True)
class Compared:
    """One trait: as the message says it, as the record says it."""

    label: str
    theirs: str
    ours: str
    verdict: Verdict


@dataclass(frozen=True)
class Said:
    """What one side says of a person; what it does not say is empty."""

    birth_name: str = ""
    first_name: str = ""
    birth_first_names: str = ""
    sex: Sex | Literal[""] = ""
    birth_date: dt.date | None = None
    birth_date_precision: DatePrecision = "day"
    birth_place: str = ""

    @property
    def words(self) -> dict[str, str]:
        """Each trait as it is read; a birth date never gains a day."""
        born, place = self.birth_date, self.birth_place
        return {
            NAME: self.birth_name,
            FIRST_NAMES: self.birth_first_names,
            SEX: SEXES.get(self.sex, ""),
            BIRTH_DATE: birth_date_label(born, self.birth_date_precision) if born else "",
            BIRTH_PLACE: place_label(place, born) if place not in ("", UNKNOWN_PLACE) else "",
        }


def said_by(patient: Patient) -> Said:
    """What a document says."""
    first_names = patient.birth_first_names or patient.first_name
    return Said(
        patient.birth_name,
        patient.first_name or first_names.split(" ")[0],
        first_names,
        patient.sex or "",
        patient.birth_date,
        patient.birth_date_precision,
        patient.birth_place,
    )


def said_of(person: Person) -> Said:
    """What we know."""
    return Said(
        person.birth_name,
        person.first_name,
        person.birth_first_names or person.first_name,
        person.sex,
        person.birth_date,
        person.birth_date_precision,
        person.birth_place,
    )


def compare(theirs: Sequence[Said], carried: Iterable[Ins], ours: Said, ins: str) -> list[Compared]:
    """The rows, in the order of the identity sheet; `ins` is the matricule known here, "" without."""
    differing = {trait for one in theirs for trait in differences(_whole(ours, one), _whole(one, ours))}
    rows = [
        _row(
            label,
            _together(one.words[label] for one in theirs),
            ours.words[label],
            differs=any(TRAIT_NAMES[trait] in differing for trait in traits),
        )
        for label, traits in TRAITS.items()
    ]
    return [*rows, _ins_row({one.matricule for one in carried}, ins)]


def unsure(rows: Iterable[Compared]) -> list[str]:
    """The traits that speak against filing, or that ought to speak for it and say nothing."""
    return [
        row.label
        for row in rows
        if row.verdict is Verdict.DIFFERENT or (row.verdict is Verdict.UNSAID and row.label in MUST_BE_SAID)
    ]


def _whole(one: Said, other: Said) -> Traits:
    """What one side does not say is as the other says it, and so differs in nothing."""
    dated = one if one.birth_date else other
    return Traits(
        one.birth_name or other.birth_name,
        one.first_name or other.first_name,
        one.birth_first_names or other.birth_first_names,
        one.sex or other.sex or "U",
        dated.birth_date or dt.date.min,
        one.birth_place or other.birth_place or UNKNOWN_PLACE,
        dated.birth_date_precision,
    )


def _row(label: str, theirs: str, ours: str, *, differs: bool) -> Compared:
    if not theirs or not ours:
        return Compared(label, theirs, ours, Verdict.UNSAID)
    return Compared(label, theirs, ours, Verdict.DIFFERENT if differs else Verdict.EQUAL)


def _ins_row(carried: set[str], ins: str) -> Compared:
    theirs = _together(_masked(one) for one in sorted(carried))
    return _row(INS, theirs, _masked(ins) if ins else "", differs=bool(carried - {ins}))


def _masked(matricule: str) -> str:
    """In groups that may go to the next line: the columns are narrow."""
    return display_ins(matricule, masked=True).replace(NBSP, " ")


def _together(said: Iterable[str]) -> str:
    """Each thing said once: « CAMILLE » and « Camille » are one."""
    return " ; ".join({fold(one): one for one in said if one}.values())
