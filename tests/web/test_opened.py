"""One's own sessions: how long they last, which are open, and their end."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.staff.models import Account, Session
from jalon.web.account.opened import browser_of
from tests.factories import NOW, TEST_PASSWORD
from tests.web.story import Story, enter
from tests.web.test_sign_in import HOME, LOGIN, by_password, enrol, sent_to, somebody
from tests.web.test_stolen_base import COOKIE, with_cookie

__all__ = ["somebody"]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
PAGE = "/compte/sessions/"
ENTERED = NOW + dt.timedelta(hours=2)
MINUTE = dt.timedelta(minutes=1)


def used_until(client: Client, hours: float) -> None:
    """A page each hour and a half, as somebody at work."""
    moment = ENTERED
    while (moment := moment + 90 * MINUTE) < ENTERED + dt.timedelta(hours=hours):
        with time_machine.travel(moment):
            assert client.get(HOME).status_code == 200


@pytest.mark.requirement("SC.SSI/IE.58")
def test_a_session_ends_two_hours_after_its_last_use(story: Story) -> None:
    client = enter(story.staff["educator"])
    with time_machine.travel(ENTERED + 119 * MINUTE):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(ENTERED + 119 * MINUTE + 121 * MINUTE):
        assert sent_to(client) == LOGIN


def test_a_session_ends_some_hours_after_the_sign_in_whatever_is_done(story: Story) -> None:
    client = enter(story.staff["educator"])
    used_until(client, 12)
    with time_machine.travel(ENTERED + dt.timedelta(hours=12, minutes=1)):
        assert sent_to(client) == LOGIN


@pytest.mark.requirement("SC.SSI/IE.39")
def test_a_site_makes_these_ends_shorter(story: Story, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE, settings.SESSION_LIFETIME = 300, 600
    client = enter(story.staff["educator"])
    with time_machine.travel(ENTERED + 4 * MINUTE):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(ENTERED + 8 * MINUTE):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(ENTERED + 11 * MINUTE):
        assert sent_to(client) == LOGIN


def test_a_new_key_does_not_put_off_the_absolute_end(story: Story) -> None:
    client = enter(story.staff["educator"])
    used_until(client, 11)
    with time_machine.travel(ENTERED + dt.timedelta(hours=11)):
        session = client.session
        session.cycle_key()
        session.save()
    with time_machine.travel(ENTERED + dt.timedelta(hours=12, minutes=1)):
        assert sent_to(with_cookie(session.session_key)) == LOGIN


def test_a_session_made_stronger_leaves_its_former_cookie(somebody: Account) -> None:
    client = by_password(somebody)
    former = client.cookies[COOKIE].value
    enrol(client)
    assert client.cookies[COOKIE].value != former
    assert client.get(HOME).status_code == 200
    assert sent_to(with_cookie(former)) == LOGIN


def test_a_new_password_changes_the_cookie_and_ends_the_other_sessions(somebody: Account) -> None:
    client = by_password(somebody)
    enrol(client)
    other = enter(somebody)
    assert other.get(HOME).status_code == 200
    former, new = client.cookies[COOKIE].value, "Un-tout-autre-secret-7"
    typed = {"oldpassword": TEST_PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), typed).status_code == 302
    assert client.cookies[COOKIE].value != former
    assert client.get(HOME).status_code == 200
    assert sent_to(other) == LOGIN
    assert sent_to(with_cookie(former)) == LOGIN


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Chrome, Android"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_session_is_known_by_its_browser(agent: str, said: str) -> None:
    assert browser_of(agent) == said


def signed_in(account: Account, agent: str) -> Client:
    """By the button of the demonstration, from such a browser."""
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/entrer/", {"email": account.email})
    return client


@pytest.mark.requirement("SC.SSI/IE.35")
def test_one_closes_a_session_of_ones_own_and_it_ends_at_once(story: Story, settings: Settings) -> None:
    settings.DEMO = True
    nurse = story.staff["nurse"]
    desk, phone = signed_in(nurse, FIREFOX), signed_in(nurse, PHONE)
    page = desk.get(PAGE).content.decode()
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    assert page.count("Fermer<span") == 1, "the one of this browser is left by signing out"
    (other,) = Session.objects.filter(account=nurse, digest__in=page.split('"'))
    assert desk.post(PAGE, {"session": other.pk}, follow=True).status_code == 200
    assert sent_to(phone) == LOGIN
    assert desk.get(HOME).status_code == 200


def test_all_the_others_are_closed_together_and_this_one_stays(story: Story, settings: Settings) -> None:
    settings.DEMO = True
    nurse = story.staff["nurse"]
    desk, *others = (signed_in(nurse, agent) for agent in (FIREFOX, PHONE, "curl/8"))
    colleague = signed_in(story.staff["director"], FIREFOX)
    told = desk.post(PAGE, {"session": "others"}, follow=True).content.decode()
    assert "2 sessions sont fermées." in told
    assert [sent_to(one) for one in others] == [LOGIN, LOGIN]
    assert desk.get(HOME).status_code == colleague.get(HOME).status_code == 200


def test_nobody_closes_the_session_of_another_nor_reads_it(story: Story) -> None:
    nurse, director = enter(story.staff["nurse"]), enter(story.staff["director"])
    theirs = Session.objects.get(account=story.staff["director"]).pk
    assert theirs not in nurse.get(PAGE).content.decode()
    nurse.post(PAGE, {"session": theirs})
    assert director.get(HOME).status_code == 200


def test_the_list_is_for_whoever_is_in(client: Client, somebody: Account) -> None:
    assert client.get(PAGE)["Location"].startswith(LOGIN)
    weak = by_password(somebody)
    assert sent_to(weak, PAGE) == reverse("mfa_activate_totp")
