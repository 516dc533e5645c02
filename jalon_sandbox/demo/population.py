"""The sixty people of the demonstration, the same for the same seed and day. Pure."""

import datetime as dt
import random
from dataclasses import dataclass

from jalon.core.dates import is_adult
from jalon.core.identifiers import ins_key
from jalon.core.identity import Ins, Sex, Traits
from jalon.core.names import insi_name
from jalon_sandbox.demo.names import ALLERGIES, FAMILY, MEN, PLACES, TEXTURES, WOMEN

SEED = 20260101
TEST_OID = "1.2.250.1.213.1.4.10"


@dataclass(frozen=True)
class House:
    """An establishment of the demonstration."""

    code: str
    name: str
    finess: str
    category: str
    sector: str
    units: tuple[str, ...]
    people: int
    generation: str
    ages: tuple[int, int]


HOUSES = (
    House(
        "ehpad", "EHPAD Les Églantiers", "990000010", "500", "SA17", ("Glycine", "Lilas"), 22, "old", (72, 99)
    ),
    House(
        "fam", "Foyer Les Tilleuls", "990000028", "437", "SA16", ("Verger", "Rivière"), 16, "adult", (22, 61)
    ),
    House(
        "ime",
        "IME La Clairière",
        "990000036",
        "183",
        "SA16",
        ("Les Grands", "Les Petits"),
        13,
        "young",
        (7, 19),
    ),
    House("sessad", "SESSAD Les Passerelles", "990000044", "182", "SA16", ("Domicile",), 9, "young", (4, 17)),
)


@dataclass(frozen=True)
class Someone:
    """One fictional person: what the house knows, and what the sandbox INSi will answer."""

    house: House
    unit: str
    number: int
    traits: Traits
    used_name: str
    official: Traits
    ins: Ins
    seen_paper: bool
    known_to_insi: bool
    vigilances: tuple[tuple[str, str], ...]
    protected: bool
    minor: bool
    room: str
    came_days_ago: int


def population(today: dt.date, count_factor: int = 1, seed: int = SEED) -> list[Someone]:
    """Everybody. `count_factor` multiplies the four houses (`--size large`)."""
    chance = random.Random(seed)  # noqa: S311  a fixed story, not a secret
    everybody: list[Someone] = []
    for house in HOUSES:
        everybody += [
            _someone(chance, house, len(everybody) + n, today) for n in range(house.people * count_factor)
        ]
    return everybody


def _someone(chance: random.Random, house: House, number: int, today: dt.date) -> Someone:
    sex: Sex = "F" if chance.random() < 0.55 else "M"
    names = (WOMEN if sex == "F" else MEN)[house.generation]
    birth_names = names[number % len(names)]
    family = FAMILY[number % len(FAMILY)] + (
        "" if number < len(FAMILY) else f"-{_letters(number // len(FAMILY))}"
    )
    birth = today - dt.timedelta(days=chance.randint(house.ages[0] * 365, house.ages[1] * 365))
    place = PLACES[number % len(PLACES)]
    traits = Traits(family, birth_names.split(maxsplit=1)[0], birth_names, sex, birth, place)
    adult = is_adult(birth, today)
    return Someone(
        house=house,
        unit=house.units[number % len(house.units)],
        number=number,
        traits=traits,
        used_name=FAMILY[(number * 7 + 3) % len(FAMILY)]
        if house.generation == "old" and sex == "F" and number % 3
        else "",
        official=_official(traits),
        ins=_ins(traits, number),
        seen_paper=number % 6 != 5,
        known_to_insi=number % 11 != 10,
        vigilances=_vigilances(chance),
        protected=adult and chance.random() < (0.45 if house.code == "fam" else 0.2),
        minor=not adult,
        room=str(chance.randint(1, 40)) if house.code in ("ehpad", "fam") else "",
        came_days_ago=chance.randint(95, 2200),
    )


def _letters(number: int) -> str:
    return "".join(chr(65 + int(digit)) for digit in str(number))


def _official(traits: Traits) -> Traits:
    """As the national service writes it: capitals without accents."""
    return Traits(
        insi_name(traits.birth_name, "family"),
        insi_name(traits.first_name, "given"),
        insi_name(traits.birth_first_names, "given"),
        traits.sex,
        traits.birth_date,
        traits.birth_place,
    )


def _ins(traits: Traits, number: int) -> Ins:
    """A test matricule: the form of a NIR under the test OID, the order number kept high on purpose."""
    body = (
        f"{1 if traits.sex == 'M' else 2}{traits.birth_date:%y%m}{traits.birth_place}{900 + number % 99:03}"
    )
    return Ins(f"{body}{ins_key(body)}", TEST_OID)


def _vigilances(chance: random.Random) -> tuple[tuple[str, str], ...]:
    found = []
    if chance.random() < 0.35:
        found.append(("allergy", chance.choice(ALLERGIES)))
    if chance.random() < 0.25:
        found.append(("swallowing", chance.choice(TEXTURES)))
    if chance.random() < 0.12:
        found.append(("epilepsy", "Épilepsie : protocole dans le classeur rouge"))
    if chance.random() < 0.10:
        found.append(("runaway", "Peut partir sans prévenir"))
    return tuple(found)
