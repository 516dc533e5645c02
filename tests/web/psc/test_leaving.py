"""Out of Jalon and out of Pro Santé Connect: whoever comes next on the same browser is asked who they are."""

import base64
import datetime as dt
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jalon.staff.models import Account, Session
from jalon_sandbox.psc.simulator import DISCOVERY, Simulator
from tests.gateways.psc.browser import browse
from tests.web.psc.browser import (
    CALLBACK,
    HOME,
    LOGIN,
    LOGOUT,
    SIGNED_OUT,
    START,
    Provider,
    come_back,
    said,
)
from tests.web.story import Story, enter

DOOR = "/"
CLOSED = "Votre session Pro Santé Connect est fermée aussi"
REOPENED = "a rouvert une session précédente sans rien demander"


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """The cookies of one browser at the provider, kept from one sign-in to the next."""
    with httpx.Client() as there:
        yield there


def leave(client: Client, browser: httpx.Client, **said: str) -> HttpResponse:
    """Press « Se déconnecter », and go wherever that leads."""
    answer: HttpResponse = client.post(LOGOUT, said)  # type: ignore[assignment]  # what the test client gives
    if urlsplit(answer["Location"]).netloc:
        client.get(SIGNED_OUT, browse(browser, answer["Location"], until=SIGNED_OUT))
    return answer


def is_asked(client: Client, browser: httpx.Client) -> bool:
    """Does the button of our page lead to a page that asks who is there?"""
    return browser.get(client.post(START)["Location"]).status_code == 200


@pytest.mark.requirement("SC.PSC.01")
def test_after_the_way_out_the_button_asks_who_is_there(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    come_back(client, browser=browser)
    leave(client, browser)
    assert "_auth_user_id" not in client.session
    assert CLOSED in said(client)
    assert is_asked(client, browser)
    assert is_asked(Client(), browser), "the session of the provider itself is closed"


def test_leaving_jalon_alone_keeps_the_other_software_open_and_asks_here_all_the_same(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    come_back(client, browser=browser)
    assert "Quitter Jalon seulement" in client.get(LOGOUT).content.decode()
    assert leave(client, browser, reach="local")["Location"] == DOOR
    assert not is_asked(Client(), browser), "another software enters without a gesture"
    assert is_asked(client, browser)


def test_a_session_that_ran_out_does_not_open_again_without_a_gesture(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    come_back(client, browser=browser)
    Session.objects.all().delete()
    assert is_asked(client, browser)


def test_somebody_refused_here_is_asked_again_too(client: Client, browser: httpx.Client, db: None) -> None:
    come_back(client, browser=browser)
    assert is_asked(client, browser)


def test_a_provider_that_does_not_ask_again_opens_nothing(
    nurse: Account, client: Client, browser: httpx.Client, faulty: Simulator
) -> None:
    come_back(client, browser=browser)
    leave(client, browser)
    faulty.tokens.fault = "old_session"
    assert come_back(client, browser=browser)["Location"] == LOGIN
    assert REOPENED in said(client)
    assert "_auth_user_id" not in client.session


def test_a_sign_in_begun_before_the_way_out_does_not_end_after_it(
    nurse: Account, client: Client, browser: httpx.Client, faulty: Simulator
) -> None:
    begun = client.post(START)["Location"]
    come_back(client, browser=browser)
    client.post(LOGOUT, {"reach": "local"})
    faulty.tokens.fault = "old_session"
    back = browse(browser, begun, until=CALLBACK)
    assert client.get(CALLBACK, back)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("mode", ["down", "cut"])
def test_a_provider_that_is_down_keeps_nobody_in(
    nurse: Account, client: Client, browser: httpx.Client, faulty: Simulator, mode: str
) -> None:
    come_back(client, browser=browser)
    faulty.mode = mode
    client.post(LOGOUT)
    assert client.get(HOME)["Location"].startswith(LOGIN)


def test_who_did_not_come_by_it_leaves_without_it(story: Story, client: Client) -> None:
    enter(story.staff["educator"], client)
    assert "Pro Santé Connect" not in client.get(LOGOUT).content.decode()
    assert client.post(LOGOUT)["Location"] == DOOR


@pytest.mark.parametrize("state", ["", "invente"])
def test_a_way_back_that_was_not_asked_for_says_nothing(nurse: Account, client: Client, state: str) -> None:
    come_back(client)
    client.post(LOGOUT)
    assert client.get(SIGNED_OUT, {"state": state})["Location"] == LOGIN
    assert CLOSED not in said(client)


def test_the_word_of_a_way_back_serves_once(nurse: Account, client: Client) -> None:
    come_back(client)
    word = parse_qs(urlsplit(client.post(LOGOUT)["Location"]).query)["state"][0]
    assert CLOSED in client.get(SIGNED_OUT, {"state": word}, follow=True).content.decode()
    assert CLOSED not in client.get(SIGNED_OUT, {"state": word}, follow=True).content.decode()


def test_what_ends_the_session_is_kept_sealed_and_no_longer_than_it(nurse: Account, client: Client) -> None:
    come_back(client)
    kept = client.session["psc_way_out"]
    asked = parse_qs(urlsplit(client.post(LOGOUT)["Location"]).query)
    assert asked["id_token_hint"][0].count(".") == 2
    assert asked["id_token_hint"][0] not in kept
    assert "psc_way_out" not in client.session


def test_a_seal_whose_key_was_retired_ends_our_session_alone(
    nurse: Account, client: Client, settings: Settings
) -> None:
    """The session was written again since, under the key of today: only what it holds is unreadable."""
    former, following = settings.JALON_KEYS[0], f"suivante:{base64.b64encode(bytes(range(32))).decode()}"
    come_back(client)
    settings.JALON_KEYS = [following, former]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        assert client.get(HOME).status_code == 200
        settings.JALON_KEYS = [following]
        page = client.get(LOGOUT).content.decode()
        assert "Quitter Jalon seulement" in page, "the session is open, under the key of today"
        assert client.post(LOGOUT)["Location"] == DOOR
        assert "_auth_user_id" not in client.session
        assert client.get(HOME)["Location"].startswith(LOGIN)


def test_the_address_of_the_page_changes_nothing_of_what_is_asked(client: Client, db: None) -> None:
    asked = client.post(
        f"{START}?auth_params=acr_values%3D0%26prompt%3Dnone&scope=offline_access&process=connect"
    )
    query = parse_qs(urlsplit(asked["Location"]).query)
    assert query["acr_values"] == ["eidas1"]
    assert set(query["scope"][0].split()) == {"openid", "scope_all"}
    assert "prompt" not in query


def test_the_policy_of_the_browser_lets_the_way_out_lead_to_the_provider(
    client: Client, db: None, sandbox: Provider
) -> None:
    policy = client.get(LOGIN)["Content-Security-Policy"].replace("; ", ";").split(";")
    origin = sandbox.discovery.removesuffix(DISCOVERY)
    assert next(line for line in policy if line.startswith("form-action")) == f"form-action 'self' {origin}"
