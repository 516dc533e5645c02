"""What people type finds whom they mean: dates however written, a year beside a name, signs alone nobody."""

import datetime as dt
from pathlib import Path

import pytest

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from jalon.records.search import found
from jalon.terminology import named_places
from jalon.web.shown.traits import places_named
from tests.factories import RecordFactory
from tests.support import SHARED

DATES = "cases/birth_dates.txt"
DAY = dt.date(1950, 3, 12)


def told(words: str) -> list[str]:
    return [record.person.birth_name for record in found(Record.objects.all(), words).records]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "12/03/1950",
        "12.03.1950",
        "12-03-1950",
        "12031950",
        "12 03 1950",
        "1950-03-12",
        "arbre 12-03-1950",
        "arbre 1950",
    ],
)
def test_a_birth_date_finds_however_it_is_written_and_a_year_beside_a_name(
    body: ManagingBody, words: str
) -> None:
    RecordFactory.create(person__birth_name="ARBRE", person__birth_date=DAY)
    RecordFactory.create(person__birth_name="ARBRISSEAU", person__birth_date=dt.date(1951, 3, 12))
    RecordFactory.create(person__birth_name="BUISSON", person__birth_date=dt.date(1950, 12, 3))
    assert told(words) == ["ARBRE"]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["-", "'", "%", "’ …", "_", "31/02/1950"])
def test_signs_alone_and_a_day_that_never_was_find_nobody(body: ManagingBody, words: str) -> None:
    RecordFactory.create(person__birth_name="ARBRE", person__birth_date=DAY)
    assert told(words) == []


@pytest.mark.needs_shared
def test_birth_dates_of_the_shared_case_are_read_but_the_one_without_its_century() -> None:
    *whole, short = (SHARED / DATES).read_text("utf-8").split("\n")[:5]
    assert {PartialDate.parse(typed).completed() for typed in whole} == {DAY}
    with pytest.raises(DomainError, match="siècle") as refusal:
        PartialDate.parse(short)
    assert refusal.value.code == "birth_date_century"


PLACES = {
    "Paris 12e Arrondissement": ["75112"],
    "Paris 13e Arrondissement": ["75113"],
    "Paris 14e Arrondissement": ["75114"],
    "Paris 15e Arrondissement": ["75115"],
    "Paris 15e Arrondissement (75)": ["75115"],
    "St-Étienne": ["42218"],
    "Marseille 13e": ["13213"],
    "Yougoslavie": ["99121"],
    "URSS": ["99123"],
    "Vietnam": ["99243"],
    "Oran": [],
}


@pytest.mark.needs_shared
def test_birth_places_of_the_shared_case_are_the_one_meant() -> None:
    typed = Path(SHARED / "cases/birth_places.txt").read_text("utf-8").splitlines()
    assert {said: places_named(said, dt.date(1955, 5, 5)) for said in typed} == PLACES


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Paris 1er", "75101"),
        ("Paris 1", "75101"),
        ("lyon 3ème", "69383"),
        ("Ste-Foy", "85214"),
        ("zaïre", "99312"),
    ],
)
def test_a_place_is_found_as_people_write_it(said: str, code: str) -> None:
    assert code in [one.code for one in named_places(said, dt.date(1975, 5, 5))]
