"""Pro Santé Connect is down: the door says so, and a second factor of ours is a way in, noted apart."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from jalon.staff.models import Account
from jalon_sandbox.psc.simulator import Simulator
from tests.factories import TEST_PASSWORD
from tests.web.psc.browser import HOME, LOGIN, START, come_back, said
from tests.web.story import Story, enter
from tests.web.test_sign_in import by_password, code, enrol, sent_to

DOWN = "Pro Santé Connect ne répond pas depuis"
ASIDE = "Hors Pro Santé Connect, indisponible"


@pytest.fixture
def ready(nurse: Account) -> str:
    """The secret of the factor that the nurse made for such a day; she has a password too."""
    nurse.set_password(TEST_PASSWORD)
    nurse.save()
    return enrol(by_password(nurse))


def by_two_factors(account: Account, secret: str, client: Client) -> Client:
    by_password(account, client=client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):  # a code serves once
        client.post("/compte/2fa/authenticate/", {"code": code(secret)})
    return client


def seen_by_the_administrator(story: Story, account: Account) -> str:
    page = enter(story.staff["administrator"]).get(f"/comptes/{story.professional('nurse').pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    return text[text.index("t-connexions") :]


@pytest.mark.parametrize("mode", ["down", "cut"])
def test_the_door_says_it_and_an_account_with_its_own_factor_enters_noted_apart(
    story: Story, nurse: Account, ready: str, client: Client, faulty: Simulator, mode: str
) -> None:
    assert DOWN not in said(client)
    faulty.mode = mode
    assert client.post(START)["Location"] == LOGIN
    assert DOWN in said(client)
    by_two_factors(nurse, ready, client)
    assert sent_to(client) == "200"
    seen = seen_by_the_administrator(story, nurse)
    assert seen.count(ASIDE) == 1
    assert "second facteur, mot de passe" in seen


def test_a_password_alone_does_not_pass_by_that_way(
    nurse: Account, ready: str, client: Client, faulty: Simulator
) -> None:
    faulty.mode = "down"
    client.post(START)
    by_password(nurse, client=client)
    assert sent_to(client).startswith(LOGIN)


def test_when_it_answers_again_nothing_is_said_any_more(
    story: Story, nurse: Account, ready: str, client: Client, faulty: Simulator
) -> None:
    faulty.mode = "down"
    client.post(START)
    faulty.mode = "normal"
    assert come_back(client)["Location"].startswith(("/compte/2fa/", HOME))
    assert DOWN not in said(Client())
    by_two_factors(nurse, ready, Client())
    assert ASIDE not in seen_by_the_administrator(story, nurse)


def test_a_silence_that_nobody_met_again_is_forgotten(client: Client, db: None, faulty: Simulator) -> None:
    faulty.mode = "down"
    client.post(START)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert DOWN not in said(Client())


def test_somebody_whom_it_does_not_know_is_not_noted_apart(
    story: Story, client: Client, faulty: Simulator
) -> None:
    educator = story.staff["educator"]
    educator.set_password(TEST_PASSWORD)
    educator.save()
    faulty.mode = "down"
    client.post(START)
    secret = enrol(by_password(educator))
    by_two_factors(educator, secret, client)
    page = enter(story.staff["administrator"]).get(f"/comptes/{story.professional('educator').pk}/")
    assert "Entrée" in page.content.decode()
    assert ASIDE not in page.content.decode()
