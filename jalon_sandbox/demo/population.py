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
TOLD = dt.timedelta(days=366)  # how far back the story goes
STORY_RANK = 2
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


def mailbox(code: str) -> str:
    """The MSSanté mailbox of a house."""
    return f"{code}@jalon.mssante.test"


@dataclass(frozen=True)
class Someone:
    """One fictional person: what the house knows, and what the sandbox INSi will answer.

    `facts` are what the story knows of them (`fall`, `diabetes`, `daughter`…): vigilances, relatives and
    notes all follow from them, so that a note never speaks of what nobody has.
    """

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
    facts: frozenset[str]


def population(today: dt.date, count_factor: int = 1, seed: int = SEED) -> list[Someone]:
    """Everybody. `count_factor` multiplies the four houses (`--size large`)."""
    chance = random.Random(seed)  # noqa: S311  a fixed story, not a secret
    everybody: list[Someone] = []
    for house in HOUSES:
        before = len(everybody)
        everybody += [_someone(chance, house, before, n, today) for n in range(house.people * count_factor)]
    return everybody


def _someone(chance: random.Random, house: House, before: int, rank: int, today: dt.date) -> Someone:
    number = before + rank
    sex: Sex = "F" if chance.random() < 0.55 else "M"
    names = (WOMEN if sex == "F" else MEN)[house.generation]
    birth_names = names[number % len(names)]
    family = FAMILY[number % len(FAMILY)] + (
        "" if number < len(FAMILY) else f"-{_letters(number // len(FAMILY))}"
    )
    birth = today - dt.timedelta(days=chance.randint(house.ages[0] * 365, house.ages[1] * 365))
    if is_adult(birth, today) and not is_adult(birth, today - TOLD):
        birth -= TOLD  # of age all along: who signed, and for whom, is one story
    place = PLACES[number % len(PLACES)]
    traits = Traits(family, birth_names.split(maxsplit=1)[0], birth_names, sex, birth, place)
    adult = is_adult(birth, today)
    facts = _facts(house, rank, number)
    floor, door = rank % len(house.units), rank // len(house.units) + 1
    return Someone(
        house=house,
        unit=house.units[floor],
        number=number,
        traits=traits,
        used_name=FAMILY[(number * 7 + 3) % len(FAMILY)]
        if house.generation == "old" and sex == "F" and number % 3
        else "",
        official=_official(traits),
        ins=_ins(traits, number),
        seen_paper=number % 6 != 5,
        known_to_insi=number % 11 != 10,
        vigilances=_vigilances(facts, number),
        protected=adult and "protected" in facts,
        minor=not adult,
        room=f"{floor + 1}{door:02}" if house.code in ("ehpad", "fam") else "",
        came_days_ago=900 if "review" in facts else min(chance.randint(95, 2200), (today - birth).days // 2),
        facts=facts,
    )


def _facts(house: House, rank: int, number: int) -> frozenset[str]:
    """What is true of the person of this rank: the third of a house lives what the story tells of it."""
    old, young = house.generation == "old", house.generation == "young"
    return frozenset(
        fact
        for fact, true in {
            "fall": house.code == "ehpad" and rank == STORY_RANK,
            "review": house.code == "fam" and rank == STORY_RANK,
            "allergy": number % 3 == 0,
            "swallowing": not young and number % 6 == 1,
            "epilepsy": not old and number % 8 == 5,
            "wanders": old and number % 7 == 3,
            "diabetes": not young and number % 9 == 4,
            "wound": not young and number % 8 == 1,
            "daughter": old and number % 2 == 0,
            "son": old and number % 2 == 1,
            "protected": not young and number % 5 in ((0, 2) if house.code == "fam" else (1,)),
        }.items()
        if true
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


def _vigilances(facts: frozenset[str], number: int) -> tuple[tuple[str, str], ...]:
    words = {
        "allergy": ("allergy", ALLERGIES[number % len(ALLERGIES)]),
        "swallowing": ("swallowing", TEXTURES[number % len(TEXTURES)]),
        "epilepsy": ("epilepsy", "Épilepsie : protocole dans le classeur rouge"),
        "wanders": ("runaway", "Peut sortir sans prévenir, surtout en fin de journée"),
        "fall": ("fall", "Chute récente : lever accompagné, chaussures fermées, déambulateur"),
        "diabetes": ("other", "Diabète : glycémie avant le petit-déjeuner"),
    }
    return tuple(vigilance for fact, vigilance in words.items() if fact in facts)
