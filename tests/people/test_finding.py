"""Antecedents: a duplicate is refused before it exists, a person is found however they are typed."""

import datetime as dt
from typing import Any

import pytest

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people.actions import edit, register
from jalon.people.models import Person
from jalon.people.queries import name_key
from jalon.people.search import candidates
from jalon.records.models import Record
from jalon.records.search import found as search
from tests.factories import ManagingBodyFactory, PersonFactory, RecordFactory, finess, traits

pytestmark = pytest.mark.django_db
HOUSE = finess(1)
CAMILLE: dict[str, Any] = {
    "birth_name": "Lefèvre",
    "first_name": "Anne-Lise",
    "birth_first_names": "Anne-Lise Noémie",
    "birth_date": dt.date(1951, 5, 3),
}


def found(words: str) -> list[Person]:
    return [record.person for record in search(Record.objects.all(), words).records]


@pytest.mark.requirement("SC.INS/va1.02", "SC.INS/va1.17", "SC.INS/va1.24")
@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({}, id="the same"),
        pytest.param({"birth_name": "LEFEVRE", "first_name": "anne lise"}, id="accents and hyphens"),
        pytest.param({"birth_date": dt.date(1951, 3, 5)}, id="day and month swapped"),
        pytest.param({"birth_date": dt.date(1951, 5, 13)}, id="another day"),
        pytest.param({"birth_date": dt.date(1915, 5, 3)}, id="another year"),
        pytest.param({"birth_name": "Lefebvre"}, id="a name misheard, on the same day"),
        pytest.param({"first_name": "Annie", "birth_first_names": "Annie"}, id="another first name"),
    ],
)
def test_who_may_already_be_known_is_shown_before_creating(body: ManagingBody, typed: dict[str, Any]) -> None:
    known = PersonFactory(**CAMILLE)
    PersonFactory()
    assert candidates(traits(**(CAMILLE | typed))) == [known]


def test_somebody_who_uses_another_name_is_still_a_candidate_under_the_birth_name(body: ManagingBody) -> None:
    known = PersonFactory(**CAMILLE | {"birth_name": "LE GOFF"}, used_name="LE BRUN", used_first_name="Lise")
    typed = CAMILLE | {"birth_name": "Le-Goff", "birth_date": dt.date(1951, 3, 5)}
    assert candidates(traits(**typed)) == [known]


def test_the_most_alike_comes_first(body: ManagingBody) -> None:
    slip = PersonFactory(**CAMILLE | {"birth_date": dt.date(1951, 5, 4)})
    other_first_name = PersonFactory(**CAMILLE | {"first_name": "Zoé"})
    same = PersonFactory(**CAMILLE)
    assert candidates(traits(**CAMILLE)) == [same, other_first_name, slip]


def test_a_stranger_is_no_candidate(body: ManagingBody) -> None:
    PersonFactory(birth_name="Lefèvrier", first_name="Anne-Lise", birth_date=dt.date(1951, 5, 4))
    PersonFactory(birth_name="EXEMPLE", first_name="Zoé", birth_date=CAMILLE["birth_date"])
    PersonFactory(**CAMILLE | {"birth_date": None})
    assert candidates(traits(**CAMILLE)) == []


def test_candidates_stay_in_the_managing_body(body: ManagingBody) -> None:
    PersonFactory(**CAMILLE)
    with tenant(ManagingBodyFactory().pk):
        assert candidates(traits(**CAMILLE)) == []


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({}, id="the same"),
        pytest.param({"birth_name": "LEFEVRE"}, id="without accents"),
        pytest.param({"birth_first_names": "Anne-Lise"}, id="fewer first names"),
        pytest.param({"birth_first_names": "Anne-Lise Noémie Zoé"}, id="more first names"),
        pytest.param({"birth_place": "99999"}, id="no birth place"),
    ],
)
def test_a_twin_is_refused_unless_somebody_decides(body: ManagingBody, typed: dict[str, Any]) -> None:
    PersonFactory(**CAMILLE)
    same = traits(**(CAMILLE | typed))
    with pytest.raises(DomainError, match="déjà connue") as refusal:
        register(traits=same, finess=HOUSE, by=None)
    assert refusal.value.code == "already_known"
    assert Person.objects.count() == 1
    register(traits=same, finess=HOUSE, by=None, despite_twin=True)
    assert Person.objects.count() == 2


def test_somebody_who_only_looks_alike_is_registered(body: ManagingBody) -> None:
    PersonFactory(**CAMILLE)
    register(traits=traits(**CAMILLE | {"birth_place": "69123"}), finess=HOUSE, by=None)
    assert Person.objects.count() == 2


def test_a_key_received_with_the_person_is_kept(body: ManagingBody) -> None:
    person = register(traits=traits(), finess=HOUSE, by=None, key="3990000018/42", used_name="USAGE")
    assert (person.key, person.used_name) == ("3990000018/42", "USAGE")


@pytest.mark.requirement("SC.INS/va1.25", "SC.INS/va1.29")
@pytest.mark.parametrize(
    "words",
    [
        "lefèvre",
        "LEFEVRE",
        "Lefèvre Anne-Lise",
        "anne lise",
        "anne--lise",
        "lise lefevre",
        "lef ann",
        "ANNE’LISE",
    ],
)
def test_a_person_is_found_whatever_the_accents_hyphens_and_order(body: ManagingBody, words: str) -> None:
    known = RecordFactory(person__birth_name="Lefèvre", person__first_name="Anne-Lise").person
    RecordFactory(person__birth_name="EXEMPLE", person__first_name="Zoé")
    assert found(words) == [known]


@pytest.mark.requirement("SC.INS/va1.25", "SC.INS/va1.29")
def test_an_apostrophe_and_a_cedilla_are_ignored(body: ManagingBody) -> None:
    known = RecordFactory(person__birth_name="D’Arçon").person
    assert found("d arcon") == found("D'ARÇON") == [known]


@pytest.mark.requirement("SC.INS/va1.19")
@pytest.mark.parametrize("words", ["zoé", "marguerite", "gigi", "fictif", "usage", "gigi fictif"])
def test_any_of_the_names_of_a_person_finds_them(body: ManagingBody, words: str) -> None:
    known = RecordFactory(
        person__birth_name="FICTIF",
        person__first_name="Zoé",
        person__birth_first_names="Zoé Marguerite",
        person__used_name="USAGE",
        person__used_first_name="Gigi",
    ).person
    RecordFactory(person__birth_name="EXEMPLE", person__first_name="Inès")
    assert found(words) == [known]


@pytest.mark.requirement("SC.INS/va1.19")
def test_a_new_used_name_finds_the_person_at_once(body: ManagingBody) -> None:
    record = RecordFactory(person__birth_name="FICTIF")
    edit(person=record.person, by=None, used_name="Nouvelle-Usage")
    assert found("nouvelle usage") == found("fictif") == [record.person]


@pytest.mark.requirement("SC.INS/va1.02", "SC.INS/va1.17", "SC.INS/va1.24")
def test_a_birth_date_finds_and_the_beginning_of_a_name_narrows(body: ManagingBody) -> None:
    day = dt.date(1951, 5, 3)
    one = RecordFactory(person__birth_name="EXEMPLE", person__birth_date=day).person
    two = RecordFactory(person__birth_name="FICTIF", person__birth_date=day).person
    RecordFactory(person__birth_name="FICTIF", person__birth_date=dt.date(1960, 1, 1))
    assert found("03/05/1951") == [one, two]
    assert found("fic 03/05/1951") == [two]


def test_people_are_in_french_order(body: ManagingBody) -> None:
    for name, first in [
        ("Étienne", "A"),
        ("Zola", "A"),
        ("Etienne", "B"),
        ("eberlin", "A"),
        ("Martin", "Anne-Lise"),
    ]:
        RecordFactory(person__birth_name=name, person__first_name=first)
    RecordFactory(person__used_name="Martin", person__first_name="Anne", person__birth_name="Zut")
    records = Record.objects.with_identity().in_french_order()
    order = [f"{one.person.usual_name} {one.person.usual_first_name}" for one in records]
    assert order == ["eberlin A", "Étienne A", "Etienne B", "Martin Anne", "Martin Anne-Lise", "Zola A"]


def test_very_long_names_fit_the_key(body: ManagingBody) -> None:
    person = PersonFactory(birth_name="N" * 100, used_name="U" * 100, birth_first_names="P" * 200)
    assert len(name_key(person)) <= 620
