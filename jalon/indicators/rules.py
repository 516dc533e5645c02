"""What is measured, up to which instant the house is read, and when a target is reached. Pure."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Final

from jalon.core.moment import start_of
from jalon.core.period import Month
from jalon.core.typography import NBSP

FIRST_MEASURE: Final = 3
"""Months of the first measure of an establishment: it ends with the month measured (S001)."""


@dataclass(frozen=True)
class Measure:
    """Establishments over the months that end with `month`, in their own time, the same for all of them.

    `known_at`: facts written later do not exist; None while the month runs: everything known today counts.
    """

    houses: tuple[uuid.UUID, ...]
    month: Month
    zone: dt.tzinfo
    months: int = 1
    known_at: dt.datetime | None = None

    @property
    def first_day(self) -> dt.date:
        return self.month.plus(1 - self.months).first_day

    @property
    def last_day(self) -> dt.date:
        return self.month.last_day

    @property
    def start(self) -> dt.datetime:
        """The first instant measured."""
        return start_of(self.first_day, self.zone)

    @property
    def end(self) -> dt.datetime:
        """The first instant after the month."""
        return start_of(self.month.next.first_day, self.zone)

    @property
    def state_at(self) -> dt.datetime | None:
        """When what has a state is looked at: at the end of the month, even by a later correction."""
        return self.end if self.known_at else None

    @property
    def at_its_end(self) -> "Measure":
        """The same, as it is known when the month ends."""
        return replace(self, known_at=self.end)


def months_of(month: str, began: str | None) -> int:
    """How many months the measure of this one covers, for whoever closed their first month then, or none."""
    return 1 if began and began < month else FIRST_MEASURE


def measured(
    houses: tuple[uuid.UUID, ...],
    month: Month,
    zone: dt.tzinfo,
    *,
    now: dt.datetime,
    months: int,
    known_at: dt.datetime | None = None,
) -> Measure:
    """The measure of a month: as it was known when it ended, or at `known_at` (a correction)."""
    measure = Measure(houses, month, zone, months)
    over = now >= measure.end
    if not over:
        return measure
    return replace(measure, known_at=known_at) if known_at else measure.at_its_end


def reached(numerator: int, denominator: int, target: int) -> bool | None:
    """Target reached, in percent? On the exact fraction, never on the rate; None when not measurable."""
    return None if denominator == 0 else numerator * 100 >= target * denominator


def rate(numerator: int, denominator: int) -> str:
    """The rate as people read it, rounded down to a tenth: it never shows a target not reached."""
    if denominator == 0:
        return "non mesurable"
    tenths = numerator * 1000 // denominator
    return f"{tenths // 10},{tenths % 10}{NBSP}%"
