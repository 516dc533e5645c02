"""What an indicator is, and what counting it gives: one file of this folder each."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from jalon.db.past import ids
from jalon.indicators.rules import Measure, rate, reached


@dataclass(frozen=True)
class Counted:
    """What was counted, as queries: the numbers and the lists that prove them are the same rows.

    `among`: the records of the denominator. `counted`: what the numerator counts, records unless the
    definition says otherwise; `served`: the records that are then not missing. `apart`: those shown apart.
    """

    among: QuerySet[Any]
    counted: QuerySet[Any]
    served: QuerySet[Any] | None = None
    apart: QuerySet[Any] | None = None

    @property
    def missing(self) -> QuerySet[Any]:
        """Records of the denominator that nothing was counted for."""
        served = ids(self.counted) if self.served is None else self.served
        return self.among.exclude(id__in=served)


@dataclass(frozen=True)
class Definition:
    """An indicator: its official code, its words, the rate to reach in percent, and how it is counted."""

    code: str
    name: str
    numerator: str
    denominator: str
    target: int
    to_do: str
    count: Callable[[Measure], Counted]


@dataclass(frozen=True)
class Figure:
    """An indicator counted: exact numbers, and the lists that prove them, read when they are asked for."""

    definition: Definition
    found: Counted

    @cached_property
    def numerator(self) -> int:
        return self.found.counted.count()

    @cached_property
    def denominator(self) -> int:
        return self.found.among.count()

    @cached_property
    def apart(self) -> int:
        """How many of the denominator are shown apart."""
        return 0 if self.found.apart is None else self.found.apart.count()

    @cached_property
    def counted(self) -> tuple[uuid.UUID, ...]:
        return tuple(self.found.counted.order_by("id").values_list("id", flat=True))

    @cached_property
    def missing(self) -> tuple[uuid.UUID, ...]:
        return tuple(self.found.missing.order_by("id").values_list("id", flat=True))

    @property
    def reached(self) -> bool | None:
        return reached(self.numerator, self.denominator, self.definition.target)

    @property
    def rate(self) -> str:
        return rate(self.numerator, self.denominator)
