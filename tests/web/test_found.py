"""A search says why somebody is told, whom else it may mean, and what to try when it finds nobody."""

import datetime as dt

from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from tests.factories import PersonFactory, RecordFactory
from tests.web.story import Story

DAY = dt.date(1945, 3, 12)
LIST, PALETTE = "people:list", "people:search"


def text(client: Client, address: str, **asked: str) -> str:
    return str(client.get(address, asked).content.decode())


def known(story: Story, name: str, first: str = "Jean", born: dt.date = DAY) -> None:
    with tenant(story.body.pk):
        person = PersonFactory.create(birth_name=name, first_name=first, birth_date=born, used_name="")
        RecordFactory.create(person=person, establishment=story.house, unit=story.unit)


def test_a_misspelt_name_is_told_with_the_reason(story: Story, educator: Client) -> None:
    known(story, "DUPONTEAU")
    for name in (LIST, PALETTE):
        assert "même date, nom voisin" in text(educator, reverse(name), q="dupnoteau jean 12/03/1945").lower()
    page = text(educator, reverse(LIST), q="duponteau jean 03/12/1945")
    assert "Personne ne porte exactement ces noms" in page
    assert "Jour et mois inversés" in page


def test_homonyms_are_told_apart_by_their_birth_and_near_names_are_one_link_away(
    story: Story, educator: Client
) -> None:
    known(story, "DUPONTEAU")
    known(story, "DUPONTEAU", born=dt.date(1960, 7, 2))
    known(story, "DUPONTEAUX")
    page = text(educator, reverse(LIST), q="duponteau j")
    assert "12 mars 1945" in page
    assert "2 juillet 1960" in page
    near = text(educator, reverse(LIST), q="duponteau jean", voisins="1")
    assert "Chercher aussi les noms voisins" in text(educator, reverse(LIST), q="duponteau")
    assert near.index("DUPONTEAU<") < near.index("DUPONTEAUX<")
    assert "Avec les noms et les dates voisins" in near


def test_a_long_answer_tells_its_total_and_turns_its_pages(story: Story, educator: Client) -> None:
    for rank in range(60):
        known(story, "PLUSIEURS", first=f"Prenom{rank:02}"[:8] + "abcdefghij"[rank % 10])
    page = text(educator, reverse(LIST), q="plusieurs")
    assert "1 à 50 sur 60" in page
    assert "Voir toutes les personnes trouvées" in text(educator, reverse(PALETTE), q="plusieurs")
    assert "51 à 60 sur 60" in text(educator, reverse(LIST), q="plusieurs", page="2")


def test_nobody_found_says_what_to_try(story: Story, educator: Client) -> None:
    page = text(educator, reverse(LIST), q="zzzqqq")
    assert "la date de naissance ou le numéro de dossier" in page


def test_a_near_name_of_a_place_that_is_closed_to_me_is_not_told(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        person = PersonFactory.create(birth_name="DUPONTEAU", first_name="Jean", birth_date=DAY)
        RecordFactory.create(person=person)
    assert "DUPONTEAU" not in text(educator, reverse(LIST), q="dupnoteau jean 12/03/1945")
