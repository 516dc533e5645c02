"""What any Pro Santé Connect must do for us: the same tests on our sandbox and on a third-party provider."""

import datetime as dt
import time

import pytest

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.gateways.psc import messages
from jalon.gateways.psc.messages import DeviceRequest, Pending, Tokens
from tests.gateways.psc.browser import SignIn, browse
from tests.gateways.psc.conftest import Provider
from tests.gateways.psc.people import NURSE, SOFTWARE

DIGITS = DeviceRequest(NURSE.national_id, "42")


def verified(provider: Provider, id_token: str, nonce: str) -> dict[str, object]:
    return messages.verify_id_token(
        id_token,
        provider.client.keys(),
        endpoints=provider.client.endpoints,
        client_id=SOFTWARE.client_id,
        nonce=nonce,
        now=dt.datetime.now(dt.UTC),
    )


def test_a_professional_signs_in_with_pkce_and_the_level_that_was_asked(provider: Provider) -> None:
    request, tokens = provider.sign_in()
    claims = verified(provider, tokens["id_token"], request.nonce)
    assert claims["acr"] == "eidas1"
    assert tokens["expires_in"] == 120
    who = provider.client.userinfo(tokens["access_token"])
    assert who.sub == claims["sub"]
    assert (who.national_id, who.rpps) == ("899700999901", "99700999901")
    assert (who.given_name, who.family_name) == ("Amina", "TESTIDE")
    assert [exercise.key for exercise in who.exercises] == ["60C"]
    assert who.finess_sites == ("990000001",)


def test_an_id_token_of_another_request_is_refused(provider: Provider) -> None:
    _, tokens = provider.sign_in()
    with pytest.raises(Malformed):
        verified(provider, tokens["id_token"], "un-autre-nonce")


def test_a_code_serves_once(provider: Provider) -> None:
    request = SignIn(SOFTWARE)
    code = browse(provider.http, request.url(provider.client.endpoints), until=SOFTWARE.redirect_uri)["code"]
    first = provider.token(request.exchange(code))
    again = provider.token(request.exchange(code))
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    with pytest.raises(Rejected):
        provider.client.userinfo(first.json()["access_token"])


def test_a_code_without_its_verifier_is_refused(provider: Provider) -> None:
    request = SignIn(SOFTWARE)
    code = browse(provider.http, request.url(provider.client.endpoints), until=SOFTWARE.redirect_uri)["code"]
    refused = provider.token(request.exchange(code) | {"code_verifier": "x" * 43})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("changes", [{"code_challenge_method": "plain"}, {"code_challenge": ""}])
def test_a_sign_in_without_s256_is_refused_at_the_address_of_return(
    provider: Provider, changes: dict[str, str]
) -> None:
    request = SignIn(SOFTWARE)
    returned = browse(
        provider.http, request.url(provider.client.endpoints, **changes), until=SOFTWARE.redirect_uri
    )
    assert (returned["error"], returned["state"]) == ("invalid_request", request.state)


def test_an_address_of_return_that_is_not_registered_is_never_followed(provider: Provider) -> None:
    url = SignIn(SOFTWARE).url(provider.client.endpoints, redirect_uri="https://ailleurs.invalid/")
    response = provider.http.get(url)
    assert response.status_code == 400
    assert "location" not in response.headers


def test_a_wrong_secret_is_refused(provider: Provider) -> None:
    response = provider.http.post(
        provider.client.endpoints.token_endpoint,
        data=messages.refresh_form("x"),
        auth=(SOFTWARE.client_id, "faux"),
    )
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_the_session_goes_on_by_refresh(provider: Provider) -> None:
    _, tokens = provider.sign_in()
    renewed = provider.client.refresh(tokens["refresh_token"])
    assert renewed.access_token != tokens["access_token"]
    assert provider.client.userinfo(renewed.access_token).national_id == NURSE.national_id


def test_an_unknown_refresh_token_means_that_the_session_is_over(provider: Provider) -> None:
    with pytest.raises(Rejected) as refusal:
        provider.client.refresh("inconnu")
    assert refusal.value.code == "invalid_grant"


def test_introspection_tells_a_live_token_from_any_other(provider: Provider) -> None:
    _, tokens = provider.sign_in()
    alive = provider.client.introspect(tokens["access_token"])
    assert alive.active
    assert alive.expires_at is not None
    assert alive.expires_at > dt.datetime.now(dt.UTC)
    assert not provider.client.introspect("inconnu").active


def test_userinfo_without_a_live_token_is_refused(provider: Provider) -> None:
    with pytest.raises(Rejected):
        provider.client.userinfo("inconnu")


def test_a_second_sign_in_asks_nothing_while_the_session_lives(provider: Provider) -> None:
    provider.sign_in()
    url = SignIn(SOFTWARE).url(provider.client.endpoints, prompt="none")
    assert "code" in browse(provider.http, url, until=SOFTWARE.redirect_uri)


def test_who_is_asked_again_proves_it_anew_and_a_session_left_open_is_not_enough(provider: Provider) -> None:
    began = dt.datetime.now(dt.UTC)
    request, tokens = provider.sign_in(prompt="login", max_age="0")
    fresh = verified(provider, tokens["id_token"], request.nonce)
    messages.require_gesture(fresh, began)
    with pytest.raises(DomainError) as refusal:
        messages.require_gesture(fresh, began + dt.timedelta(minutes=5))
    assert refusal.value.code == "psc_not_asked_again"


def test_after_logout_the_provider_asks_who_is_there_again(provider: Provider) -> None:
    _, tokens = provider.sign_in()
    url = messages.end_session_url(
        provider.client.endpoints.end_session_endpoint,
        id_token=tokens["id_token"],
        return_to=SOFTWARE.logout_uri,
        state="fin",
    )
    assert browse(provider.http, url, until=SOFTWARE.logout_uri)["state"] == "fin"
    silent = SignIn(SOFTWARE).url(provider.client.endpoints, prompt="none")
    assert browse(provider.http, silent, until=SOFTWARE.redirect_uri)["error"] == "login_required"


def test_a_sign_in_on_a_telephone_waits_for_the_professional(provider: Provider) -> None:
    login = provider.client.ask_device(DIGITS)
    assert provider.client.poll(login.auth_req_id) == Pending()
    provider.confirm()
    deadline = time.monotonic() + 5
    answer: Tokens | Pending = Pending()
    while isinstance(answer, Pending) and time.monotonic() < deadline:
        time.sleep(1.05)
        answer = provider.client.poll(login.auth_req_id)
    assert isinstance(answer, Tokens)
    assert verified(provider, answer.id_token, "")["acr"] == "eidas1"
    assert provider.client.userinfo(answer.access_token).national_id == NURSE.national_id


def test_nobody_unknown_is_asked_on_a_telephone(provider: Provider) -> None:
    with pytest.raises(Rejected) as refusal:
        provider.client.ask_device(DeviceRequest("899700000000", "42"))
    assert refusal.value.code == "unknown_user_id"
