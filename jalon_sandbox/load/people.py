"""Who is generated: one person a number, the same each time; twins, and the crowd of 1 January. Pure."""

import datetime as dt
import random
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from jalon.core.identifiers import ins_key
from jalon.core.identity import Ins, Sex, Traits
from jalon.core.moment import PARIS, local_day
from jalon.terminology.places import search_places
from jalon_sandbox.demo.population import TEST_OID
from jalon_sandbox.load.drawing import chance_of, identifier
from jalon_sandbox.load.homes import House, house_of
from jalon_sandbox.load.names import family, given
from jalon_sandbox.load.volume import Shape, place_of

TWIN: Final = 150  # one number in so many is the twin of the one before
FIRST_JANUARY: Final = 0.03  # born « le 1er janvier »: all that is known is the year
LONGEST: Final = 2000  # days since when people are there


@dataclass(frozen=True)
class Someone:
    """One generated person, where they live, and since when."""

    id: str
    number: int
    house: House
    unit: int
    traits: Traits
    used_name: str
    ins: Ins | None
    came: dt.datetime
    chance: random.Random

    @property
    def key(self) -> str:
        return f"3{self.house.home.finess}/{self.id[-12:]}"


def someone(shape: Shape, body: int, number: int) -> Someone:
    """The person of this number in this managing body."""
    home, unit = place_of(shape, body, number)
    chance = chance_of(shape.seed, body, number)
    traits = _traits(chance, shape, body, number)
    days = min(chance.randint(30, LONGEST), (shape.today - traits.birth_date).days // 2)
    came = dt.datetime.combine(shape.today - dt.timedelta(days=days), dt.time(10), PARIS)
    married = traits.sex == "F" and home.generation == "old" and chance.random() < 0.7
    return Someone(
        id=identifier(chance, came), number=number, house=house_of(shape, home), unit=unit, traits=traits,
        used_name=family(chance) if married else "",
        ins=_ins(traits, number) if chance.random() < shape.ins else None, came=came, chance=chance,
    )  # fmt: skip


def _traits(chance: random.Random, shape: Shape, body: int, number: int) -> Traits:
    sex: Sex = "F" if chance.random() < 0.55 else "M"
    names = given(chance, sex)
    if number % TWIN == TWIN - 1:
        other = _traits(chance_of(shape.seed, body, number - 1), shape, body, number - 1)
        return replace(other, sex=sex, first_name=names.split()[0], birth_first_names=names)
    youngest, oldest = place_of(shape, body, number)[0].ages
    birth = shape.today - dt.timedelta(days=chance.randint(youngest * 365, oldest * 365))
    if chance.random() < FIRST_JANUARY:
        birth = birth.replace(month=1, day=1)
    return Traits(family(chance), names.split()[0], names, sex, birth, chance.choice(_communes()))


def _ins(traits: Traits, number: int) -> Ins:
    """A test matricule; the registration place and the order number tell any two numbers apart."""
    communes = _communes()
    place = communes[number // 999 % len(communes)]
    body = f"{1 if traits.sex == 'M' else 2}{traits.birth_date:%y%m}{place}{number % 999 + 1:03}"
    return Ins(f"{body}{ins_key(body)}", TEST_OID)


@cache
def _communes() -> tuple[str, ...]:
    return tuple(one.code for one in search_places("saint", limit=4000) if one.code.isdigit())


def row_of(one: Someone) -> tuple[Any, ...]:
    """The row of the sheet `person`."""
    from jalon.people.models import Person, ins_digest
    from jalon.people.queries import name_key

    person = Person(used_name=one.used_name, used_first_name=one.traits.first_name)
    person.take_traits(one.traits)
    sealed: tuple[Any, ...] = (None, "", "", "", "", None)
    if one.ins:
        stored = Person._meta.get_field("ins").get_prep_value(one.ins.matricule)
        sealed = (
            local_day(one.came, PARIS),
            "cni",
            stored,
            one.ins.oid,
            ins_digest(one.ins.matricule),
            one.came,
        )
    traits = one.traits
    return (
        one.came, one.house.secretary, one.id, one.key, traits.birth_name, traits.birth_first_names,
        traits.first_name, one.used_name, traits.first_name, traits.sex, traits.birth_date,
        traits.birth_place, 1, name_key(person), f"{one.number % 200 + 1} chemin de l’Exemple", "35000",
        "Rennes", f"01 99 00 {one.number // 100 % 100:02} {one.number % 100:02}", *sealed,
    )  # fmt: skip
