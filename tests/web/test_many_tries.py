"""Wrong tries by the thousand, from one place: the door stays open to everybody else, there and elsewhere.

`JALON_TRIES` says how many; the campaign of a release has ten thousand.
"""

import os

import pytest
from axes.models import AccessAttempt
from django.test import Client
from pytest_django import Settings

from jalon.staff.models import Account
from tests.factories import TEST_PASSWORD
from tests.web.story import Story
from tests.web.test_sign_in import LOGIN

TRIES = int(os.environ.get("JALON_TRIES", "240"))
MINUTE = 620
"""More than one address is usually let try in a minute."""
ATTACKER, SHARED, HOME = "203.0.113.9", "198.51.100.7", "192.0.2.44"


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> None:
    settings.AXES_ENABLED = True


def sign_in(account: Account, place: str, password: str = TEST_PASSWORD) -> int:
    return Client(REMOTE_ADDR=place).post(LOGIN, {"login": account.email, "password": password}).status_code


def wrong(names: list[str], place: str, tries: int = TRIES) -> int:
    """So many wrong passwords on these names, from that place: how many were looked at."""
    client, looked_at = Client(REMOTE_ADDR=place), 0
    for rank in range(tries):
        sent = {"login": names[rank % len(names)], "password": f"rien de tel {rank}"}
        looked_at += client.post(LOGIN, sent).status_code == 422
    return looked_at


@pytest.fixture
def team(story: Story) -> dict[str, Account]:
    for account in story.staff.values():
        account.set_password(TEST_PASSWORD)
        account.save()
    return story.staff


@pytest.mark.requirement("SC.SSI/IAM.92")
def test_tries_on_everybody_from_one_place_close_nobody_else_s_door(team: dict[str, Account]) -> None:
    nurse, director = team["nurse"], team["director"]
    assert sign_in(nurse, SHARED) == 302, "their usual place"
    emails = [account.email for account in team.values()]
    looked_at = wrong([*emails, *(f"inconnu{rank}@exemple.test" for rank in range(50))], ATTACKER)
    assert looked_at <= 101, "a stranger is soon no longer heard"
    for account in team.values():
        assert sign_in(account, SHARED) == 302, "in an establishment"
        assert sign_in(account, HOME) == 302, "at home, for the first time"
    assert sign_in(director, ATTACKER) == 429


@pytest.mark.requirement("SC.SSI/IAM.92")
def test_tries_on_one_account_from_one_place_leave_it_open_elsewhere(team: dict[str, Account]) -> None:
    victim = team["nurse"]
    looked_at = wrong([victim.email], ATTACKER)
    assert looked_at <= 10
    assert AccessAttempt.objects.count() <= 1, "what is kept does not grow with the tries"
    assert sign_in(victim, SHARED) == 302
    assert sign_in(victim, HOME) == 302
    assert sign_in(victim, ATTACKER) == 429


def test_tries_from_the_shared_post_of_an_establishment_do_not_close_it_to_its_team(
    team: dict[str, Account],
) -> None:
    for account in team.values():
        assert sign_in(account, SHARED) == 302
    wrong([f"inconnu{rank}@exemple.test" for rank in range(50)], SHARED, max(TRIES, MINUTE))
    for account in team.values():
        assert sign_in(account, SHARED) == 302
