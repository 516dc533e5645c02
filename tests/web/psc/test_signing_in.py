"""Pro Santé Connect, from our sign-in page to the sandbox and back: known or refused, never created."""

import itertools
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings
from structlog.testing import capture_logs

from jalon.db.tenant import tenant
from jalon.staff.models import Account, Professional
from jalon_sandbox.psc.simulator import DISCOVERY, Simulator
from jalon_sandbox.psc.simulator import Professional as Known
from jalon_sandbox.psc.tokens import Fault
from tests.gateways.psc.browser import browse
from tests.gateways.psc.people import DOCTOR, NURSE
from tests.web.psc.browser import (
    CALLBACK,
    HOME,
    LOGIN,
    LOGOUT,
    SILENT,
    START,
    UNCONFIRMED,
    Provider,
    come_back,
    said,
)
from tests.web.story import Story

NUMBERS = itertools.count()


class Changing(Known):
    """Somebody whose identifier is never the same twice."""

    @property
    def sub(self) -> str:
        return f"f:test:{next(NUMBERS)}"


class Weak(Known):
    """Somebody for whom the provider does not vouch."""

    @property
    def acr(self) -> str:
        return "eidas0"


WEAK = Weak(NURSE.national_id, NURSE.given_name, NURSE.family_name, "60", "Infirmière sans e-CPS")


@pytest.mark.requirement("SC.SSI/IAM.80")
@pytest.mark.requirement("SC.PSC.01")
def test_a_professional_of_ours_enters_with_pro_sante_connect(
    story: Story, nurse: Account, client: Client
) -> None:
    assert "S’identifier avec Pro Santé Connect" in said(client)
    assert come_back(client)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert client.session["_auth_user_id"] == str(nurse.pk)


@pytest.mark.requirement("SC.PSC.01")
def test_the_conditions_are_read_from_the_door_and_speak_of_pro_sante_connect(
    client: Client, db: None
) -> None:
    assert 'href="/compte/conditions/"' in said(client)
    page = client.get("/compte/conditions/").content.decode()
    assert "Agence du Numérique en Santé" in page
    assert "ferme aussi votre session Pro" in page


@pytest.mark.requirement("SC.PSC.08")
def test_the_level_of_two_factors_is_asked_for(client: Client, db: None) -> None:
    asked = parse_qs(urlsplit(client.post(START)["Location"]).query)
    assert asked["acr_values"] == ["eidas1"]
    assert set(asked["scope"][0].split()) == {"openid", "scope_all"}
    assert asked["code_challenge_method"] == ["S256"]


def test_leaving_for_the_provider_is_a_gesture(client: Client, db: None) -> None:
    """A page of elsewhere must not be able to start a sign-in with a mere link."""
    assert client.get(START).status_code == 200
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403


def test_the_policy_of_the_browser_lets_the_form_lead_to_the_provider(
    client: Client, db: None, sandbox: Provider
) -> None:
    policy = client.get(LOGIN)["Content-Security-Policy"]
    origin = sandbox.discovery.removesuffix(DISCOVERY)
    assert f"form-action 'self' {origin}" in policy.replace("; ", ";").split(";")


@pytest.mark.requirement("SC.PSC.02")
def test_somebody_unknown_here_is_refused_in_french_and_nothing_is_created(
    story: Story, client: Client
) -> None:
    with tenant(story.body.pk):
        before = (Account.objects.count(), Professional.objects.count())
    assert come_back(client, DOCTOR)["Location"] == LOGIN
    assert "Votre numéro RPPS n’est rattaché à aucun compte ici" in said(client)
    assert "_auth_user_id" not in client.session
    with tenant(story.body.pk):
        assert (Account.objects.count(), Professional.objects.count()) == before
    assert not SocialAccount.objects.exists()


def test_a_closed_account_does_not_enter_by_this_door_either(nurse: Account, client: Client) -> None:
    nurse.is_active = False
    nurse.save()
    assert come_back(client)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_level_too_low_is_refused(nurse: Account, client: Client, sandbox: Provider) -> None:
    strong = sandbox.app.professionals[NURSE.national_id]
    sandbox.app.professionals[NURSE.national_id] = WEAK
    try:
        assert come_back(client)["Location"] == LOGIN
    finally:
        sandbox.app.professionals[NURSE.national_id] = strong
    assert "n’a pas garanti le niveau d’authentification" in said(client)
    assert "_auth_user_id" not in client.session


# --- a provider that is not to be believed, or not there ---------------------------------------------------


FORGED = [
    "wrong_issuer", "wrong_audience", "wrong_nonce", "wrong_key", "expired", "alg_none", "another_party",
    "stale", "hs256", "ps256", "unknown_kid",
]  # fmt: skip


@pytest.mark.parametrize("fault", FORGED)
def test_a_forged_token_opens_nothing_and_leaves_a_trace_that_says_nothing_of_it(
    nurse: Account, client: Client, faulty: Simulator, fault: Fault
) -> None:
    faulty.tokens.fault = fault
    with capture_logs() as traces:
        assert come_back(client)["Location"] == LOGIN
    assert UNCONFIRMED in said(client)
    assert "_auth_user_id" not in client.session
    assert traces == [
        {"event": "psc_sign_in_refused", "log_level": "warning", "error": "Malformed", "code": ""}
    ]


@pytest.mark.parametrize("fault", ["missing_acr", "weak_acr"])
def test_a_token_without_its_level_opens_nothing(
    nurse: Account, client: Client, faulty: Simulator, fault: Fault
) -> None:
    faulty.tokens.fault = fault
    assert come_back(client)["Location"] == LOGIN
    assert "n’a pas garanti le niveau d’authentification" in said(client)
    assert "_auth_user_id" not in client.session


def test_each_sign_in_has_a_nonce_of_its_own(client: Client, db: None) -> None:
    asked = [parse_qs(urlsplit(client.post(START)["Location"]).query)["nonce"][0] for _ in range(2)]
    assert len(set(asked)) == 2
    assert min(map(len, asked)) > 30


def test_a_token_signed_with_a_new_key_is_believed_at_once(
    nurse: Account, client: Client, faulty: Simulator
) -> None:
    faulty.tokens.keys.rotate()
    faulty.tokens.keys.forget()
    assert come_back(client)["Location"] == HOME


def test_a_key_that_turns_during_a_sign_in_does_not_stop_it(
    nurse: Account, client: Client, faulty: Simulator
) -> None:
    leaving = client.post(START)
    with httpx.Client() as there:
        back = browse(there, leaving["Location"], until=CALLBACK, professional=NURSE.national_id)
    faulty.tokens.keys.rotate()
    assert client.get(CALLBACK, back)["Location"] == HOME


def test_a_key_that_was_withdrawn_opens_nothing_any_more(
    nurse: Account, client: Client, faulty: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = faulty.tokens.keys
    stolen = keys._keys[0]
    keys.rotate()
    keys.forget()
    published = keys.published()
    assert come_back(client)["Location"] == HOME
    monkeypatch.setattr(keys, "_keys", [stolen])
    monkeypatch.setattr(keys, "published", lambda: published)
    thief = Client()
    assert come_back(thief)["Location"] == LOGIN
    assert UNCONFIRMED in said(thief)


def test_somebody_said_twice_otherwise_is_nobody(nurse: Account, client: Client, faulty: Simulator) -> None:
    """The token and the user information must speak of the same person (OpenID Connect Core 5.3.2)."""
    honest = faulty.professionals[NURSE.national_id]
    faulty.professionals[NURSE.national_id] = Changing(**vars(honest))
    try:
        assert come_back(client)["Location"] == LOGIN
    finally:
        faulty.professionals[NURSE.national_id] = honest
    assert UNCONFIRMED in said(client)


def test_claims_that_name_nobody_are_refused_in_french_and_leave_a_trace(
    nurse: Account, client: Client, faulty: Simulator
) -> None:
    honest = faulty.professionals[NURSE.national_id]
    faulty.professionals[NURSE.national_id] = replace(honest, family_name="")
    try:
        with capture_logs() as traces:
            assert come_back(client)["Location"] == LOGIN
    finally:
        faulty.professionals[NURSE.national_id] = honest
    assert UNCONFIRMED in said(client)
    assert traces == [
        {"event": "psc_sign_in_refused", "log_level": "warning", "error": "Malformed", "code": ""}
    ]


@pytest.mark.parametrize("mode", ["down", "cut"])
def test_a_provider_that_does_not_answer_leaves_the_door_of_local_accounts(
    nurse: Account, client: Client, faulty: Simulator, mode: str
) -> None:
    faulty.mode = mode
    assert client.post(START)["Location"] == LOGIN
    assert SILENT in said(client)


@pytest.mark.parametrize("mode", ["down", "cut"])
def test_a_provider_that_dies_on_the_way_back_leaves_the_door_of_local_accounts(
    nurse: Account, client: Client, faulty: Simulator, mode: str
) -> None:
    leaving = client.post(START)
    with httpx.Client() as browser:
        back = browse(browser, leaving["Location"], until=CALLBACK, professional=NURSE.national_id)
    faulty.mode = mode
    assert client.get(CALLBACK, back)["Location"] == LOGIN
    assert SILENT in said(client)
    assert "_auth_user_id" not in client.session


def test_a_code_of_somebody_else_put_in_one_s_own_way_back_is_refused(
    nurse: Account, client: Client, faulty: Simulator
) -> None:
    """Codes are bound to the request of one browser (PKCE): the stolen one is worth nothing in another."""
    victim, thief = client.post(START)["Location"], Client()
    own = thief.post(START)["Location"]
    with httpx.Client() as there:
        stolen = browse(there, victim, until=CALLBACK, professional=NURSE.national_id)
        back = browse(there, own, until=CALLBACK)
    assert thief.get(CALLBACK, back | {"code": stolen["code"]})["Location"] == LOGIN
    assert UNCONFIRMED in said(thief)
    assert "_auth_user_id" not in thief.session


def test_an_address_of_return_that_is_played_again_opens_nothing(
    nurse: Account, client: Client, faulty: Simulator
) -> None:
    leaving = client.post(START)
    with httpx.Client() as there:
        back = browse(there, leaving["Location"], until=CALLBACK, professional=NURSE.national_id)
    assert client.get(CALLBACK, back)["Location"] == HOME
    client.post(LOGOUT)
    with capture_logs() as traces:
        assert UNCONFIRMED in client.get(CALLBACK, back, follow=True).content.decode()
    assert "_auth_user_id" not in client.session
    assert [trace["event"] for trace in traces] == ["psc_sign_in_refused"]


def test_a_code_that_comes_too_late_is_refused(
    nurse: Account, client: Client, faulty: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = client.post(START)
    with httpx.Client() as there:
        back = browse(there, leaving["Location"], until=CALLBACK, professional=NURSE.national_id)
    monkeypatch.setattr(faulty.tokens, "clock", lambda: time.time() + 61)
    assert client.get(CALLBACK, back)["Location"] == LOGIN
    assert UNCONFIRMED in said(client)


def test_giving_up_at_the_provider_leads_back_to_the_door(nurse: Account, client: Client) -> None:
    leaving = client.post(START)
    with httpx.Client() as browser:
        back = browse(browser, leaving["Location"], until=CALLBACK, cancel="1")
    answer = client.get(CALLBACK, back, follow=True)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_state_that_is_not_ours_is_refused(nurse: Account, client: Client) -> None:
    leaving = client.post(START)
    with httpx.Client() as browser:
        back = browse(browser, leaving["Location"], until=CALLBACK, professional=NURSE.national_id)
    stranger = Client()
    with capture_logs() as traces:
        answer = stranger.get(CALLBACK, back, follow=True)
    assert [trace["event"] for trace in traces] == ["psc_sign_in_refused"]
    assert "Pro Santé Connect n’a pas confirmé votre identité" in answer.content.decode()
    assert "_auth_user_id" not in stranger.session


def test_what_the_provider_said_of_somebody_is_not_kept(nurse: Account, client: Client) -> None:
    come_back(client)
    assert not SocialAccount.objects.exists()


def test_without_an_address_there_is_no_such_door(client: Client, db: None, settings: Settings) -> None:
    settings.PSC_DISCOVERY, settings.SOCIALACCOUNT_PROVIDERS = "", {"openid_connect": {"APPS": []}}
    assert "Pro Santé Connect" not in said(client)
    assert "Pro Santé Connect" not in client.get("/compte/conditions/").content.decode()
    assert client.post(START).status_code == 404
