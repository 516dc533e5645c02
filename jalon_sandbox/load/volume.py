"""How much is asked of the generator, and how it falls into houses. Pure."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

from stdnum.luhn import calc_check_digit

from jalon.core.errors import DomainError

HOUSE: Final = 100  # people of an ordinary house
UNIT: Final = {True: 60, False: 25}  # people of a unit: of the large service, of an ordinary house
MARK: Final = "991"  # how the FINESS of generated houses begins: department 99 does not exist


@dataclass(frozen=True)
class Shape:
    """What each person holds, and how many the large service has: said once for a base, kept with it."""

    seed: int = 20261122
    service: int = 3_000
    notes: int = 30
    events: int = 40
    openings: int = 10
    plans: float = 1.0
    ins: float = 0.6
    months: int = 3
    day: str = ""

    def __post_init__(self) -> None:
        least = min(self.service, self.notes, self.events, self.openings, self.plans, self.ins)
        if least < 0 or self.service < 1 or self.months < 1 or max(self.plans, self.ins) > 1:
            raise DomainError(
                "Une quantité est négative, ou une part dépasse 1. Corrigez-la.", code="load_shape"
            )

    @property
    def today(self) -> dt.date:
        return dt.date.fromisoformat(self.day)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Home:
    """A generated house: rank 0 is the large service."""

    body: int
    rank: int

    @property
    def is_service(self) -> bool:
        return self.rank == 0

    @property
    def finess(self) -> str:
        return luhn(f"{MARK}{self.rank:05}")

    @property
    def generation(self) -> str:
        return "adult" if self.is_service else ("old", "adult", "young")[self.rank % 3]

    @property
    def ages(self) -> tuple[int, int]:
        return {"old": (70, 102), "adult": (19, 64), "young": (4, 19)}[self.generation]


def luhn(digits: str) -> str:
    """These digits and their key."""
    return digits + str(calc_check_digit(digits))


def place_of(shape: Shape, body: int, number: int) -> tuple[Home, int]:
    """The house of the person of this number, and the rank of their unit in it."""
    if number < shape.service:
        return Home(body, 0), number // UNIT[True]
    rank, door = divmod(number - shape.service, HOUSE)
    return Home(body, rank + 1), door // UNIT[False]


def units(shape: Shape, home: Home) -> int:
    """How many units this house has."""
    return -(-shape.service // UNIT[True]) if home.is_service else HOUSE // UNIT[False]


def homes(shape: Shape, body: int, people: int) -> range:
    """The ranks of the houses that so many people need."""
    return range(1 + -(-max(0, people - shape.service) // HOUSE))
