"""SERAFIN-PH: needs and services, as a tree, in the order of its numbering.

Codes are compared by whole segments: 1.1.10 comes after 1.1.9, not after 1.1.1.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from jalon.terminology.files import entry_named, rows

Family = Literal["besoins", "prestations_directes", "prestations_indirectes"]


@dataclass(frozen=True)
class SerafinCode:
    """One line of the nomenclature. `parent` is empty at the root of a family.

    `cnsa_code` is how the CNSA guide numbers it when the ANS code differs (1.1.1 is 1.1.1.1 there).
    """

    code: str
    label: str
    family: str
    parent: str
    cnsa_code: str

    @property
    def level(self) -> int:
        """1 for the root of a family, up to 4."""
        return len(segments(self.code))


def segments(code: str) -> tuple[int, ...]:
    """The sort key of a code. Raises ValueError when it is not numbers and dots."""
    return tuple(int(part) for part in code.split("."))


@cache
def nomenclature() -> tuple[SerafinCode, ...]:
    """Every line, in order."""
    return tuple(SerafinCode(**row) for row in rows(entry_named("TRE_R265_PrestationPilotageSerafin")))


def family(name: Family) -> tuple[SerafinCode, ...]:
    """The lines of one family, in order, its root first."""
    return tuple(line for line in nomenclature() if line.family == name)


def children(code: str) -> tuple[SerafinCode, ...]:
    """The lines just below `code`, in order."""
    return tuple(line for line in nomenclature() if line.parent == code)


def leaves(name: Family) -> tuple[SerafinCode, ...]:
    """The lines of a family that have nothing below them: what is assessed or provided."""
    parents = {line.parent for line in nomenclature()}
    return tuple(line for line in family(name) if line.code not in parents)
