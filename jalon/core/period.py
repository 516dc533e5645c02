"""The months that figures are counted by."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from jalon.core.dates import MONTHS
from jalon.core.errors import DomainError


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
        return self.next.first_day - dt.timedelta(days=1)

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

    @property
    def label(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
