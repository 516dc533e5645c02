"""Several situations of work in the national directory: the professional says which one is today's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client

from jalon.staff.models import Account
from jalon_sandbox.psc.simulator import Simulator, Site
from tests.gateways.psc.people import NURSE
from tests.web.psc.browser import HOME, come_back
from tests.web.story import Story, enter

CHOICE = "/compte/situation/"
ASKED = f"{CHOICE}?next=%2Fma-journee%2F"
SECOND = Site("CABINET FICTIF", "990000009", mode="L")


@pytest.fixture
def two(faulty: Simulator) -> Iterator[Simulator]:
    """The nurse works in two places."""
    faulty.professionals[NURSE.national_id] = replace(NURSE, sites=(*NURSE.sites, SECOND))
    yield faulty
    faulty.professionals[NURSE.national_id] = NURSE


def menu(client: Client) -> str:
    page = client.get(HOME).content.decode()
    return page[page.index("moi__menu") :]


@pytest.mark.requirement("SC.PSC.01")
def test_somebody_of_two_places_says_where_they_work_before_anything_else(
    nurse: Account, client: Client, two: Simulator
) -> None:
    assert come_back(client)["Location"] == ASKED
    page = client.get(ASKED).content.decode()
    assert "EHPAD LES TILLEULS FICTIFS · salarié" in page
    assert "CABINET FICTIF · libéral" in page
    assert client.post(CHOICE, {"situation": "1", "next": HOME})["Location"] == HOME
    assert "Infirmier · CABINET FICTIF" in menu(client)
    kept = client.session["psc_situations"][client.session["psc_situation"]]
    assert (kept["key"], kept["finess"]) == ("60C", "990000009")


def test_somebody_of_one_place_is_asked_nothing(nurse: Account, client: Client) -> None:
    assert come_back(client)["Location"] == HOME
    assert "EHPAD LES TILLEULS FICTIFS" in menu(client)
    assert "Changer de situation" not in menu(client)


def test_the_choice_may_be_changed_in_the_day(nurse: Account, client: Client, two: Simulator) -> None:
    come_back(client)
    client.post(CHOICE, {"situation": "1"})
    assert "Changer de situation de travail" in menu(client)
    client.post(CHOICE, {"situation": "0"})
    assert "EHPAD LES TILLEULS FICTIFS" in menu(client)


@pytest.mark.parametrize("said", ["", "2", "-1", "0x1", "¹", "un"])
def test_a_situation_that_was_not_offered_is_refused(
    nurse: Account, client: Client, two: Simulator, said: str
) -> None:
    come_back(client)
    assert client.post(CHOICE, {"situation": said}).status_code == 400
    assert client.session["psc_situation"] is None


def test_the_way_on_leads_nowhere_else(nurse: Account, client: Client, two: Simulator) -> None:
    come_back(client)
    answer = client.post(CHOICE, {"situation": "0", "next": "https://ailleurs.invalid/"})
    assert answer["Location"] == "/"


def test_who_did_not_come_by_pro_sante_connect_has_nothing_to_choose(story: Story, client: Client) -> None:
    assert client.get(CHOICE).status_code == 302
    enter(story.staff["educator"], client)
    assert client.get(CHOICE)["Location"] == "/"


def test_nothing_is_kept_of_somebody_refused(client: Client, db: None, two: Simulator) -> None:
    come_back(client)
    assert "psc_situations" not in client.session
