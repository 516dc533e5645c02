"""A death told by a file: without its day, or to the year; nothing is added, and it goes out as it came."""

import json

import pytest

from jalon.exchange.transfer.tables import PERSON
from jalon.formats.tddui.classes.person import PersonData
from jalon.people.models import Person
from tests.support import SHARED, needs_shared

CASES = SHARED / "cases"


def received(case: str) -> PersonData:
    """What the file of a shared case says of the death of its person."""
    entries = json.loads((CASES / case).read_bytes())["entry"]
    (patient,) = (one["resource"] for one in entries if one["resource"]["resourceType"] == "Patient")
    death = patient.get("deceasedDateTime", "")
    return PersonData(key="1", deceased=patient.get("deceasedBoolean"), death_date=death)


@needs_shared
@pytest.mark.parametrize(
    ("case", "reported", "year", "precision"),
    [
        ("tddui_deceased_without_date.json", True, None, "day"),
        ("tddui_death_year_only.json", False, 2020, "year"),
    ],
)
def test_a_death_of_the_shared_cases_is_held_as_far_as_it_is_known(
    case: str, reported: bool, year: int | None, precision: str
) -> None:
    data = received(case)
    person = Person(**{bind.column: bind.get(data) for bind in PERSON.binds})
    assert person.is_dead
    assert (person.death_reported, person.died_on_precision) == (reported, precision)
    assert (person.died_on.year if person.died_on else None) == year


@needs_shared
@pytest.mark.parametrize("case", ["tddui_deceased_without_date.json", "tddui_death_year_only.json"])
def test_a_death_received_goes_out_as_it_came(case: str) -> None:
    data = received(case)
    out = data
    for bind in PERSON.binds:
        out = bind.put(out, bind.get(data))
    assert out == data
