"""Periods of days, half-open like PostgreSQL's `daterange`: the start is in, the end is not."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from jalon.core.dates import MONTHS, full_date
from jalon.core.errors import DomainError

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """From `start`, included, to `end`, excluded; `end` None means still running. Never empty.

    Raises DomainError `period_reversed` when it would hold no day.
    """

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise DomainError(
                f"La fin n’est pas après le {full_date(self.start)}. Choisissez une date après ce jour.",
                code="period_reversed",
            )

    @classmethod
    def through(cls, first: dt.date, last: dt.date | None) -> Self:
        """The period whose last day, as people say it, is `last`."""
        return cls(first, None if last is None else last + ONE_DAY)

    @property
    def last_day(self) -> dt.date | None:
        return None if self.end is None else self.end - ONE_DAY

    @property
    def days(self) -> int | None:
        """How many days, None while it runs."""
        return None if self.end is None else (self.end - self.start).days

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def covers(self, other: "Period") -> bool:
        """Whether every day of `other` is in this period."""
        ends_after = self.end is None or (other.end is not None and other.end <= self.end)
        return self.start <= other.start and ends_after

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share at least one day."""
        return self.clip(other) is not None

    def clip(self, other: "Period") -> "Period | None":
        """The days of this period that are also in `other`; None when there is none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else Period(start, end)

    def days_in(self, other: "Period") -> int:
        """How many days this period shares with `other`. Raises ValueError when both still run."""
        shared = self.clip(other)
        if shared is None:
            return 0
        if shared.days is None:
            raise ValueError("two running periods share an endless number of days")
        return shared.days

    def __str__(self) -> str:
        if self.last_day is None:
            return f"depuis le {full_date(self.start)}"
        return f"du {full_date(self.start)} au {full_date(self.last_day)}"


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and dt.MINYEAR <= self.year < dt.MAXYEAR):
            raise DomainError(
                "Ce mois n’existe pas. Écrivez l’année puis le mois, par exemple 2026-11.", code="month"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read « 2026-11 ». Raises DomainError `month`."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", text.strip(), re.ASCII)
        return cls(int(found[1]), int(found[2])) if found else cls(0, 0)

    @classmethod
    def of(cls, day: dt.date) -> Self:
        return cls(day.year, day.month)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return self.next.first_day - ONE_DAY

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.next.first_day)

    @property
    def days(self) -> int:
        return self.last_day.day

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    def plus(self, months: int) -> "Month":
        """The month that many months later, earlier when negative."""
        rank = self.year * 12 + self.month - 1 + months
        return Month(rank // 12, rank % 12 + 1)

    def until(self, last: "Month") -> Iterator["Month"]:
        """This month and the following ones up to `last`, included."""
        month = self
        while month <= last:
            yield month
            month = month.next

    @property
    def label(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
