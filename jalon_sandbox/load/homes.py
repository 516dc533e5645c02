"""Generated houses: their units, and a team with an account each. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jalon.core.moment import PARIS, local_day
from jalon_sandbox.load.drawing import chance_of, identifier
from jalon_sandbox.load.names import family, given
from jalon_sandbox.load.volume import Home, Shape, units

KINDS: Final = {
    "service": ("SAVS Les Passereaux", "446", "SA16"),
    "old": ("EHPAD Les Hêtres", "500", "SA17"),
    "adult": ("Foyer Les Charmes", "437", "SA16"),
    "young": ("IME Les Saules", "183", "SA16"),
}
JOBS: Final = {
    "director": "directrice", "team_lead": "cheffe de service", "secretary": "secrétaire d’admission",
    "physician": "médecin coordonnateur", "psychologist": "psychologue", "nurse": "infirmière",
    "identity_officer": "référente identitovigilance", "educator": "éducatrice spécialisée",
    "administrator": "administrateur du système", "care_worker": "accompagnant éducatif et social",
}  # fmt: skip
OF_THE_HOUSE: Final = (
    "director", "team_lead", "secretary", "physician", "psychologist", "nurse", "nurse", "identity_officer",
    "administrator",
)  # fmt: skip
OF_A_UNIT: Final = ("educator", "care_worker")
OLDER: Final = 400  # days since when teams are there


@dataclass(frozen=True)
class Worker:
    """Somebody of a team: of a unit, or of the whole house."""

    id: str
    account: str
    role: str
    unit: int | None
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class House:
    """A generated house, with the identifiers of what it is made of."""

    home: Home
    id: str
    units: tuple[str, ...]
    team: tuple[Worker, ...]

    @property
    def secretary(self) -> str:
        return next(one.id for one in self.team if one.role == "secretary")

    def of_unit(self, rank: int) -> list[Worker]:
        """Who works in this unit and nowhere else."""
        return [one for one in self.team if one.unit == rank]

    def near(self, rank: int) -> list[str]:
        """Who writes of the people of this unit."""
        nurses = [one.id for one in self.team if one.role == "nurse"]
        return [*(one.id for one in self.of_unit(rank)), *nurses]


@cache
def house_of(shape: Shape, home: Home) -> House:
    """The house of this rank, the same each time."""
    chance = chance_of(shape.seed, "house", home.body, home.rank)
    at = opened(shape)
    mine = [identifier(chance, at) for _ in range(1 + units(shape, home))]
    roles = [(role, None) for role in OF_THE_HOUSE]
    everybody = [*roles, *((role, rank) for rank in range(len(mine) - 1) for role in OF_A_UNIT)]
    team = (_worker(chance, shape, home, number, *one) for number, one in enumerate(everybody))
    return House(home, mine[0], tuple(mine[1:]), tuple(team))


def opened(shape: Shape) -> dt.datetime:
    """When teams and houses were entered."""
    return dt.datetime.combine(shape.today - dt.timedelta(days=OLDER), dt.time(9), dt.UTC)


def _worker(chance: Any, shape: Shape, home: Home, number: int, role: str, unit: int | None) -> Worker:
    at = opened(shape)
    return Worker(
        id=identifier(chance, at), account=identifier(chance, at), role=role, unit=unit,
        first_name=given(chance, "F").split()[0], last_name=family(chance).title(),
        email=f"{role}.{home.body}.{home.rank}.{number}@charge.jalon.example",
    )  # fmt: skip


def rows_of_house(shape: Shape, home: Home, body: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Its rows: (sheet, row)."""
    house, at = house_of(shape, home), opened(shape)
    name, category, sector = KINDS["service" if home.is_service else home.generation]
    said = name if home.is_service else f"{name} {home.rank}"
    where = ("1 rue de l’Exemple", "35000", "Rennes", "01 99 00 00 00")
    yield "establishment", (at, None, house.id, said, home.finess, category, sector, *where)
    for rank, unit in enumerate(house.units, start=1):
        yield "unit", (at, None, unit, house.id, f"{'Secteur' if home.is_service else 'Unité'} {rank}")
    for number, one in enumerate(house.team):
        yield from _rows_of_worker(house, one, number, body, at)


def _rows_of_worker(
    house: House, one: Worker, number: int, body: str, at: dt.datetime
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    key = f"3{house.home.finess}/{number:04}"
    unit = None if one.unit is None else house.units[one.unit]
    membership = identifier(chance_of(0, "membership", one.id), at)
    yield "account", (at, None, one.account, one.email, f"!{one.account}")
    yield "seat", (at, None, one.account, body)
    yield "professional", (at, None, one.id, key, one.account, one.first_name, one.last_name, JOBS[one.role])
    yield "membership", (at, None, membership, one.id, house.id, unit, one.role, local_day(at, PARIS))
