"""What an indicator is: one file of this folder each. What is asked of a record is a fact: an expression."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jalon.indicators.rules import Measure, rate, reached

Fact = Callable[[Measure], Any]
"""What is true of the record that asks, in the time measured: a condition, or a number."""


@dataclass(frozen=True)
class Definition:
    """An indicator: its official code, its words, the rate to reach in percent, and how it is counted.

    `counted`: how many the numerator counts of a record, or whether it counts it. `among`: who, of the people
    supported, makes the denominator; all of them without. `apart`: who is shown apart. `proof`: what the
    numerator counts, when it is something else than records.
    """

    code: str
    name: str
    numerator: str
    denominator: str
    target: int
    to_do: str
    counted: Fact
    among: Fact | None = None
    apart: Fact | None = None
    proof: Callable[[Measure], QuerySet[Any]] | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All that is asked of a record."""
        return tuple(fact for fact in (self.counted, self.among, self.apart) if fact)


@dataclass(frozen=True)
class Figure:
    """An indicator counted: exact numbers.

    `lacking`: records of the denominator that nothing was counted for; `apart`: those shown apart.
    """

    definition: Definition
    numerator: int = 0
    denominator: int = 0
    lacking: int = 0
    apart: int = 0

    @property
    def reached(self) -> bool | None:
        return reached(self.numerator, self.denominator, self.definition.target)

    @property
    def rate(self) -> str:
        return rate(self.numerator, self.denominator)
