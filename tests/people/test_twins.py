"""The guard against a second identity of the same person: it reads everybody, and one registers at a time."""

import ast
import datetime as dt
import re
import threading
import uuid
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.db import connection

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.identity import Traits
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people.actions import edit, register
from jalon.people.models import Person
from jalon.people.queries import name_key
from jalon.people.search import TOLD, alike, candidates, twins_of
from tests.factories import ManagingBodyFactory, PersonFactory, finess, traits
from tests.support import SHARED, needs_shared

HOUSE = finess(1)
DAY = dt.date(1990, 12, 31)
AGENTS = 4
# One usual slip each: what was typed first, what is typed again.
SLIPS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an apostrophe left out": ({"birth_name": "D'ESSAI"}, {"birth_name": "DESSAI"}),
    "a space left out": ({"birth_name": "LE GOFFESSAI"}, {"birth_name": "LEGOFFESSAI"}),
    "day and month swapped": ({"birth_date": dt.date(1950, 3, 12)}, {"birth_date": dt.date(1950, 12, 3)}),
    "name and first name swapped": (
        {"birth_name": "ESSAIROLAND", "first_name": "Martin"},
        {"birth_name": "MARTIN", "first_name": "Essairoland"},
    ),
    "the wrong sex": ({"sex": "F"}, {"sex": "M"}),
    "one letter": ({"birth_name": "ESSAILETTRE"}, {"birth_name": "ESSAILETRE"}),
}


def somebody(name: str, first_name: str = "Ali", **changes: Any) -> Traits:
    changes = {"birth_name": name, "first_name": first_name, "birth_first_names": first_name} | changes
    return traits(**changes)


def crowd(number: int, **columns: Any) -> None:
    """Many people who look like one another, written at once."""
    people = [PersonFactory.build(**columns, birth_name=f"ELIE{rank}") for rank in range(number)]
    for person in people:
        person.name_key = name_key(person)
    Person.objects.bulk_create(people)


def refused(known: Traits) -> str:
    with pytest.raises(DomainError) as refusal:
        register(traits=known, finess=HOUSE, by=None)
    return refusal.value.code


@pytest.mark.django_db
def test_a_twin_is_refused_when_hundreds_of_names_hold_the_letters_of_theirs(body: ManagingBody) -> None:
    """« LI » and « AN » are in « ELIE » and « Ana »: those must not hide the one who counts."""
    crowd(300, first_name="Ana", birth_date=dt.date(1940, 1, 1))
    known = somebody("LI", "AN", birth_date=dt.date(1955, 5, 5))
    person = register(traits=known, finess="999999998", by=None)
    assert twins_of(known) == candidates(known) == [person]
    assert refused(known) == "already_known"


@pytest.mark.django_db
def test_a_twin_is_refused_when_hundreds_were_born_that_day(body: ManagingBody) -> None:
    """A day unknown is completed to 31 December: a house for young exiles has many of them."""
    crowd(300, first_name="Moussa", sex="M", birth_date=DAY, birth_date_precision="year")
    known = somebody("ZZTARD", "Ibrahim", sex="M", birth_date=DAY, birth_date_precision="year")
    register(traits=known, finess=HOUSE, by=None)
    assert refused(known) == "already_known"


@pytest.mark.django_db
def test_the_most_alike_are_told_first_and_the_rest_are_cut_in_a_known_order(body: ManagingBody) -> None:
    crowd(TOLD + 30, first_name="Ali", birth_date=DAY)
    same = PersonFactory(birth_name="ZZTARD", first_name="Ali", birth_date=DAY)
    told = candidates(somebody("ZZTARD", birth_date=DAY))
    assert told[0] == same
    assert len(told) == TOLD
    keys = [person.name_key for person in told[1:]]
    assert keys == sorted(keys)


@pytest.mark.django_db
@pytest.mark.requirement("SC.INS/va1.02")
@pytest.mark.parametrize("slip", SLIPS)
def test_somebody_typed_again_with_a_usual_slip_is_found(body: ManagingBody, slip: str) -> None:
    one, other = SLIPS[slip]
    known = PersonFactory(**asdict(somebody("FICTIF")) | one)
    PersonFactory()
    assert candidates(replace(somebody("FICTIF"), **other)) == [known]


@pytest.mark.django_db
@needs_shared
def test_the_twins_of_the_shared_case_are_each_shown_before_somebody_is_registered(
    body: ManagingBody,
) -> None:
    pairs = named_in("people_near_twins.py", "PAIRS")
    assert len(pairs) == len(SLIPS)
    for slip, (one, other) in pairs.items():
        known = register(traits=as_typed(one), finess=HOUSE, by=None)
        assert known in alike(as_typed(other)), slip


@pytest.mark.django_db
@needs_shared
def test_the_last_of_the_people_of_the_shared_case_born_one_day_is_registered_once(
    body: ManagingBody,
) -> None:
    told = (SHARED / "cases/people_same_birth_date.py").read_text("utf-8")
    assert 'register(traits=traits("ZZTARD", "Ibrahim")' in told
    crowd(int(re.findall(r"range\((\d+)\)", told)[0]), birth_date=DAY, birth_date_precision="year", sex="M")
    known = somebody("ZZTARD", "Ibrahim", sex="M", birth_date=DAY, birth_date_precision="year")
    register(traits=known, finess=HOUSE, by=None)
    assert refused(known) == "already_known"


def named_in(case: str, name: str) -> Any:
    """The value of this name in a case written as a script, which is not run."""
    tree = ast.parse((SHARED / "cases" / case).read_text("utf-8"))
    values: dict[str, Any] = {"dt": dt}
    for one in tree.body:
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) in ("D", name):
            values[ast.unparse(one.targets[0])] = eval(ast.unparse(one.value), values)  # noqa: S307  a table of values
    return values[name]


def as_typed(said: tuple[str, str, dt.date, Any]) -> Traits:
    name, first, day, sex = said
    return somebody(name, first, birth_date=day, sex=sex)


@pytest.mark.django_db
@pytest.mark.parametrize("unseen", ["MAR\u200bTINESSAI", "\u2060MARTINESSAI", "MARTIN\u00adESSAI"])
def test_a_name_pasted_with_what_nobody_sees_is_the_same_person(body: ManagingBody, unseen: str) -> None:
    person = register(traits=somebody(unseen, "Zoé"), finess=HOUSE, by=None)
    assert person.birth_name == "MARTINESSAI"
    assert refused(somebody("MARTINESSAI", "Zoé")) == "already_known"
    assert refused(somebody("Martinessai", "Z\u200boé")) == "already_known"


@pytest.mark.django_db
@pytest.mark.needs_shared
def test_names_of_the_shared_case_are_the_person_they_read_as_or_are_refused(body: ManagingBody) -> None:
    lines = [
        line.split("\t") for line in (SHARED / "cases/names_invisible.txt").read_text("utf-8").splitlines()
    ]
    typed = [
        somebody(name, first, birth_date=PartialDate.parse(born).completed())
        for name, first, born, *_ in lines
    ]
    register(traits=typed[0], finess=HOUSE, by=None)
    assert refused(typed[1]) == "already_known"
    assert refused(typed[2]) == "unseen_character"
    assert register(traits=typed[3], finess=HOUSE, by=None).birth_name == "DE LA ESSAI"


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["birth_name", "first_name"])
@pytest.mark.parametrize("said", ["-", "...", "’"])
def test_signs_alone_name_nobody(body: ManagingBody, place: str, said: str) -> None:
    person = PersonFactory()
    with pytest.raises(DomainError, match="aucune lettre") as refusal:
        register(traits=replace(somebody("ESSAI"), **{place: said}), finess=HOUSE, by=None)
    with pytest.raises(DomainError, match="aucune lettre"):
        edit(person=person, by=None, **{place: said})
    assert (refusal.value.place, Person.objects.count()) == (place, 1)


@pytest.mark.django_db
def test_names_are_kept_as_they_read_and_one_received_stays_to_the_character(body: ManagingBody) -> None:
    person = register(traits=somebody("DE  LA ESSAI"), finess=HOUSE, by=None, used_name=" DE\u200bLA ")
    assert (person.birth_name, person.used_name) == ("DE LA ESSAI", "DELA")
    received = PersonFactory(birth_name="DE  LA\u200b ESSAI")
    kept = edit(person=received, by=None, birth_name="DE  LA\u200b ESSAI", used_name="LA\u00a0 ESSAI")
    assert (kept.birth_name, kept.used_name) == ("DE  LA\u200b ESSAI", "LA ESSAI")


@pytest.mark.django_db
@pytest.mark.requirement("SC.INS/va1.02")
@pytest.mark.parametrize(
    ("typed", "precision"),
    [(dt.date(1935, 12, 31), "year"), (dt.date(1935, 7, 1), "month"), (dt.date(1935, 7, 5), "day")],
)
@pytest.mark.parametrize(
    ("known", "known_precision"),
    [(dt.date(1935, 12, 31), "year"), (dt.date(1935, 7, 1), "month"), (dt.date(1935, 7, 5), "day")],
)
def test_somebody_of_whom_only_a_part_of_the_birth_is_known_is_found(
    body: ManagingBody, typed: dt.date, precision: Any, known: dt.date, known_precision: str
) -> None:
    person = PersonFactory(
        birth_name="PISSENLIT", first_name="Roger", birth_date=known, birth_date_precision=known_precision
    )
    PersonFactory(birth_name="PISSENLIT", first_name="Roger", birth_date=dt.date(1941, 2, 9))
    said = somebody("PISSENLIT", "Roger", birth_date=typed, birth_date_precision=precision)
    assert candidates(said) == [person]


def at_once(body: uuid.UUID, start: threading.Barrier, told: list[str]) -> None:
    """One agent, with a connection of their own."""
    try:
        start.wait()
        with tenant(body):
            register(traits=somebody("ESSAICOURSE", "Anne"), finess=HOUSE, by=None)
        told.append("registered")
    except DomainError as refusal:
        told.append(refusal.code)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_same_person_registered_at_the_same_instant_is_one() -> None:
    if SHARED.exists():
        assert "Four sessions" in (SHARED / "cases/register_at_once.txt").read_text("utf-8")
    body = ManagingBodyFactory().pk
    start, told = threading.Barrier(AGENTS), []
    agents = [threading.Thread(target=at_once, args=(body, start, told)) for _ in range(AGENTS)]
    for agent in agents:
        agent.start()
    for agent in agents:
        agent.join()
    assert sorted(told) == ["already_known"] * (AGENTS - 1) + ["registered"]
    with tenant(body):
        assert Person.objects.count() == 1
