"""Somebody new is welcomed on screen: identity, record and stay at once, and no duplicate by accident."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.formats.tddui import read
from jalon.formats.tddui.classes.stay import StayData
from jalon.people.models import IdentityStatus, Person
from jalon.records.models import Record, Stay
from tests.factories import UnitFactory
from tests.web.filled import filled, sent_by
from tests.web.story import Story, enter

NEW = "/usagers/nouveau/"
ADA = {
    "birth_name": "ARBRE-FICTIF", "first_name": "Ada", "sex": "F", "birth_date": "03/02/1990",
    "birth_place": "Grenoble", "starts_on": "2026-11-20",
}  # fmt: skip


@pytest.fixture
def secretary(story: Story) -> Client:
    """Of the blue unit."""
    return enter(story.staff["secretary"])


SEARCHED = ("birth_name", "first_name", "birth_date")


def search(client: Client, **typed: Any) -> Any:
    """The first page, sent: whom one looks for."""
    asked = {name: (ADA | typed)[name] for name in SEARCHED}
    return client.post(NEW, filled(client, NEW) | asked)


def send(client: Client, **typed: Any) -> Any:
    """The second page, sent without setting anybody apart."""
    return client.post(NEW, sent_by(search(client, **ADA)) | ADA | typed)


def set_apart(client: Client, shown: Any, **typed: Any) -> Any:
    """« Personne de cette liste », on this page."""
    (mark,) = re.findall(r'name="ecartes"\s+value="([0-9a-f]+)"', said(shown))
    return client.post(NEW, sent_by(shown) | ADA | typed | {"ecartes": mark})


def said(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_somebody_new_has_an_identity_a_record_and_a_stay_and_leads_to_the_identity_page(
    story: Story, secretary: Client
) -> None:
    assert NEW in said(secretary.get("/usagers/"))
    answer = send(secretary)
    with tenant(story.body.pk):
        person = Person.objects.get(birth_name="ARBRE-FICTIF")
        record = Record.objects.get(person=person)
        stay = Stay.objects.get(record=record)
    assert answer["Location"] == reverse("records:identity", args=[record.pk])
    assert (person.birth_place, person.birth_first_names) == ("38185", "Ada")
    assert person.identity_status == IdentityStatus.PROVISIONAL
    assert (record.establishment_id, record.unit_id) == (story.house.pk, story.unit.pk)
    assert stay.starts_on == dt.date(2026, 11, 20)
    assert secretary.get(answer["Location"]).status_code == 200


def test_somebody_new_goes_out_as_a_clean_transfer(story: Story) -> None:
    client = enter(story.hire("director"))
    send(client)
    with tenant(story.body.pk):
        record = Record.objects.get(person__birth_name="ARBRE-FICTIF")
    file = client.post(reverse("records:export", args=[record.pk])).content
    (told,) = read(file).people
    assert (told.person.birth.family, len(told.of(StayData))) == ("ARBRE-FICTIF", 1)


def test_a_known_person_is_not_registered_twice_and_the_page_leads_to_their_record(
    story: Story, secretary: Client
) -> None:
    send(secretary)
    answer = send(secretary, first_name="ADA")
    with tenant(story.body.pk):
        record = Record.objects.get(person__birth_name="ARBRE-FICTIF")
    assert answer.status_code == 422
    assert "Cette personne est déjà connue" in said(answer)
    assert reverse("records:summary", args=[record.pk]) in said(answer)
    assert "Mêmes noms, même date de naissance" in said(answer)
    assert "C’est cette personne" in said(answer)
    assert send(secretary, ecartes="1").status_code == 422
    assert set_apart(secretary, answer).status_code == 302
    with tenant(story.body.pk):
        assert Person.objects.filter(birth_name="ARBRE-FICTIF").count() == 2


@pytest.mark.requirement("SC.INS/va1.02")
@pytest.mark.parametrize(
    "slip",
    [
        {"birth_name": "ARBRE-FICTIFF"},
        {"birth_date": "02/03/1990"},
        {"sex": "M"},
        {"birth_name": "ADA", "first_name": "Arbre-Fictif"},
    ],
)
def test_whoever_may_be_known_under_a_slip_is_shown_before_anybody_is_registered(
    story: Story, secretary: Client, slip: dict[str, str]
) -> None:
    send(secretary)
    with tenant(story.body.pk):
        record = Record.objects.get(person__birth_name="ARBRE-FICTIF")
        known = set(Person.objects.values_list("pk", flat=True))
    answer = send(secretary, **slip)
    with tenant(story.body.pk):
        assert set(Person.objects.values_list("pk", flat=True)) == known
    assert answer.status_code == 422
    assert "Une personne déjà connue ressemble" in said(answer)
    assert reverse("records:summary", args=[record.pk]) in said(answer)
    assert set_apart(secretary, answer, **slip).status_code == 302


def test_a_known_person_of_elsewhere_is_refused_without_a_link(story: Story, secretary: Client) -> None:
    elsewhere = enter(story.hire("secretary", story.other_house))
    send(elsewhere)
    page = said(send(secretary))
    assert "1 dossier d’un autre lieu" in " ".join(page.split())
    assert "/dossiers/" not in page


@pytest.mark.requirement("SC.INS/va1.02")
@pytest.mark.parametrize(
    "slip",
    [
        {},
        {"birth_name": "Arbre Fictif"},
        {"birth_name": "ARBREFICTIF", "first_name": "Adda"},
        {"birth_date": "02/03/1990"},
        {"birth_name": "ADA", "first_name": "Arbre-Fictif"},
        {"birth_name": "ARBRE-FITCIF"},
    ],
)
def test_welcoming_begins_with_a_search_that_shows_who_is_alike_with_birth_house_and_room(
    story: Story, secretary: Client, slip: dict[str, str]
) -> None:
    first = said(secretary.get(NEW))
    assert "D’abord, chercher" in first
    assert 'name="where"' not in first
    send(secretary)
    with tenant(story.body.pk):
        record = Record.objects.get(person__birth_name="ARBRE-FICTIF")
        Record.objects.filter(pk=record.pk).update(room="12")
    page = search(secretary, **slip)
    assert page.status_code == 200
    record_page = reverse("records:summary", args=[record.pk])
    for told in ("3 février 1990", "Chambre 12", str(story.house), record_page):
        assert told in said(page)


def test_a_search_that_finds_nobody_says_so_and_goes_on_with_what_was_typed(
    story: Story, secretary: Client
) -> None:
    page = search(secretary)
    assert "Aucune personne connue ne ressemble" in said(page)
    assert {name: sent_by(page)[name] for name in SEARCHED} == {name: ADA[name] for name in SEARCHED}
    wrong = search(secretary, birth_date="31/02/1990")
    assert wrong.status_code == 422
    assert "n’existe pas au calendrier" in said(wrong)


def test_who_came_after_the_page_was_shown_is_set_apart_by_nobody(story: Story, secretary: Client) -> None:
    send(secretary)
    shown = send(secretary, first_name="ADA")
    assert set_apart(secretary, shown, birth_place="Lyon 3e Arrondissement").status_code == 302
    again = set_apart(secretary, shown)
    assert again.status_code == 422
    with tenant(story.body.pk):
        assert Person.objects.filter(birth_name="ARBRE-FICTIF").count() == 2
    assert set_apart(secretary, again).status_code == 302


def test_one_receives_only_where_one_holds_the_right(story: Story, secretary: Client) -> None:
    page = said(search(secretary))
    assert f"{story.house.pk}:{story.unit.pk}" in page
    for where in (
        f"{story.house.pk}:", f"{story.house.pk}:{story.other_unit.pk}", f"{story.other_house.pk}:",
    ):  # fmt: skip
        assert send(secretary, where=where).status_code == 422
    with tenant(story.body.pk):
        assert not Person.objects.filter(birth_name="ARBRE-FICTIF").exists()


def test_whoever_has_the_whole_house_chooses_among_its_units(story: Story) -> None:
    client = enter(story.hire("secretary"))
    with tenant(story.body.pk):
        unit = UnitFactory.create(establishment=story.house)
    assert send(client, where=f"{story.house.pk}:{unit.pk}").status_code == 302
    zoe = {"first_name": "Zoé", "birth_date": "04/07/1991"}
    assert send(client, **zoe, where=f"{story.house.pk}:").status_code == 302


WRONG = {
    "birth_name": ({"birth_name": ""}, "Nom de naissance"),
    "the day": ({"birth_date": "31/02/1990"}, "Date de naissance"),
    "an unknown place": ({"birth_place": "Trifouilly"}, "Aucun lieu ne porte ce nom"),
    "two places": ({"birth_place": "Saint-Denis"}, "Plusieurs lieux portent ce nom"),
    "a birth to come": ({"birth_date": "01/01/2124"}, "Cette naissance est à venir"),
    "an entry of another century": ({"starts_on": "2150-01-01"}, "Cette entrée est dans plus d’un an."),
    "a name that is none": ({"birth_name": "..."}, "ne contient aucune lettre"),
    "a change of direction": ({"first_name": "\u202eAda"}, "U+202E"),
    "a bell": ({"used_name": "A\u0007DA"}, "U+0007"),
    "entry before birth": ({"starts_on": "1990-02-02"}, "L’entrée est avant la naissance."),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_and_nobody_is_registered(story: Story, secretary: Client, kind: str) -> None:
    typed, words = WRONG[kind]
    answer = send(secretary, **typed)
    assert answer.status_code == 422
    assert words in said(answer)
    assert typed.get("birth_name", "ARBRE-FICTIF") in said(answer)
    with tenant(story.body.pk):
        assert not Person.objects.filter(first_name="Ada").exists()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("38185", "38185"), ("", "99999"), ("Saint-Denis (974)", "97411"), ("espagne", "99134")],
)
def test_a_birth_place_is_written_as_people_say_it(
    story: Story, secretary: Client, typed: str, code: str
) -> None:
    send(secretary, birth_place=typed)
    with tenant(story.body.pk):
        assert Person.objects.get(birth_name="ARBRE-FICTIF").birth_place == code
