"""The sandbox itself: lives of codes and tokens, its pages, its switches."""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from jalon.core.errors import DomainError, Malformed, Rejected, Unreachable
from jalon.gateways.psc import messages
from jalon.gateways.psc.client import Client, discover
from jalon.gateways.psc.messages import DeviceRequest, Pending, Tokens
from jalon.gateways.psc.proof import Secret
from jalon_sandbox.common.server import serve
from jalon_sandbox.psc.simulator import DEVICE, DISCOVERY, Simulator, load
from tests.gateways.psc.browser import SignIn, browse
from tests.gateways.psc.people import DOCTOR, NURSE, SOFTWARE, party

START = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
BASE = "https://psc.test"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now.timestamp()

    def wait(self, **duration: float) -> None:
        self.now += dt.timedelta(**duration)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def http(clock: Clock) -> Iterator[httpx.Client]:
    app = Simulator(BASE, [NURSE, DOCTOR], [party()], clock=clock)
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url=BASE) as client:
        yield client


@pytest.fixture
def psc(http: httpx.Client) -> Client:
    return Client(http, discover(http, DISCOVERY), SOFTWARE.client_id, Secret(SOFTWARE.secret))


def returned(psc: Client, request: SignIn, who: str = NURSE.national_id, **changes: str) -> dict[str, str]:
    url = request.url(psc.endpoints, **changes)
    return browse(psc.http, url, until=SOFTWARE.redirect_uri, professional=who)


def exchange(psc: Client, form: dict[str, str]) -> Any:
    auth = (SOFTWARE.client_id, SOFTWARE.secret)
    return psc.http.post(psc.endpoints.token_endpoint, data=form, auth=auth).json()


def sign_in(psc: Client, who: str = NURSE.national_id) -> tuple[SignIn, dict[str, Any]]:
    request = SignIn(SOFTWARE)
    return request, exchange(psc, request.exchange(returned(psc, request, who)["code"]))


def verified(psc: Client, tokens: dict[str, Any], request: SignIn, clock: Clock) -> dict[str, Any]:
    return messages.verify_id_token(
        tokens["id_token"],
        psc.keys(),
        endpoints=psc.endpoints,
        client_id=SOFTWARE.client_id,
        nonce=request.nonce,
        now=clock.now,
    )


# --- lives


def test_a_code_dies_after_a_minute(psc: Client, clock: Clock) -> None:
    request = SignIn(SOFTWARE)
    code = returned(psc, request)["code"]
    clock.wait(seconds=61)
    assert exchange(psc, request.exchange(code))["error"] == "invalid_grant"


def test_an_access_token_lives_two_minutes(psc: Client, clock: Clock) -> None:
    _, tokens = sign_in(psc)
    clock.wait(seconds=119)
    assert psc.userinfo(tokens["access_token"]).national_id == NURSE.national_id
    clock.wait(seconds=2)
    with pytest.raises(Rejected) as refusal:
        psc.userinfo(tokens["access_token"])
    assert refusal.value.code == "invalid_token"
    assert not psc.introspect(tokens["access_token"]).active


def test_the_session_slides_by_refresh_for_four_hours_at_most(psc: Client, clock: Clock) -> None:
    _, given = sign_in(psc)
    refresh = given["refresh_token"]
    for _ in range(9):
        clock.wait(minutes=25)
        refresh = psc.refresh(refresh).refresh_token
    clock.wait(minutes=25)
    with pytest.raises(Rejected):
        psc.refresh(refresh)


def test_half_an_hour_without_refresh_ends_the_session(psc: Client, clock: Clock) -> None:
    _, tokens = sign_in(psc)
    clock.wait(minutes=31)
    with pytest.raises(Rejected):
        psc.refresh(tokens["refresh_token"])
    assert returned(psc, SignIn(SOFTWARE), prompt="login")["code"]


def test_a_refresh_token_serves_once(psc: Client) -> None:
    _, tokens = sign_in(psc)
    psc.refresh(tokens["refresh_token"])
    with pytest.raises(Rejected):
        psc.refresh(tokens["refresh_token"])


def test_introspection_gives_the_national_identifier_and_the_level(psc: Client, clock: Clock) -> None:
    _, tokens = sign_in(psc, DOCTOR.national_id)
    alive = psc.introspect(tokens["access_token"])
    assert (alive.national_id, alive.acr) == (DOCTOR.national_id, "eidas3")
    assert alive.expires_at == clock.now + dt.timedelta(seconds=120)


# --- the request


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"acr_values": ""}, "invalid_request"),
        ({"acr_values": "eidas2"}, "invalid_request"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "scope_all"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_request_that_psc_would_refuse_is_refused(psc: Client, changes: dict[str, str], error: str) -> None:
    assert returned(psc, SignIn(SOFTWARE), **changes)["error"] == error


def test_giving_up_brings_back_to_the_software(psc: Client) -> None:
    request = SignIn(SOFTWARE)
    url = request.url(psc.endpoints)
    back = browse(psc.http, url, until=SOFTWARE.redirect_uri, cancel="1")
    assert (back["error"], back["state"]) == ("access_denied", request.state)


def test_asking_to_sign_in_again_shows_the_page_even_in_a_live_session(psc: Client) -> None:
    sign_in(psc)
    url = SignIn(SOFTWARE).url(psc.endpoints)
    assert psc.http.get(url).status_code == 302
    assert psc.http.get(f"{url}&prompt=login").status_code == 200


def test_a_page_of_choice_serves_once(psc: Client) -> None:
    page = psc.http.get(SignIn(SOFTWARE).url(psc.endpoints)).text
    (transaction,) = re.findall(r'name="transaction" value="([^"]+)"', page)
    form = {"transaction": transaction, "professional": NURSE.national_id}
    assert psc.http.post("/wallet/auth/choix", data=form).status_code == 302
    assert psc.http.post("/wallet/auth/choix", data=form).status_code == 400


def test_the_page_of_choice_is_plain_html_under_a_strict_policy(psc: Client) -> None:
    answer = psc.http.get(SignIn(SOFTWARE).url(psc.endpoints))
    assert '<html lang="fr">' in answer.text
    assert "<h1>Qui se connecte\u00a0?</h1>" in answer.text
    assert "Amina TESTIDE" in answer.text
    assert not re.search(r"<script|<style|style=|onclick=", answer.text)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    # Chromium applies form-action to the redirect which follows the form.
    assert "form-action 'self' http://127.0.0.1:9" in policy
    assert psc.http.get("/wallet/style.css").headers["content-type"].startswith("text/css")


def test_the_session_cookie_is_out_of_reach_of_scripts(psc: Client) -> None:
    page = psc.http.get(SignIn(SOFTWARE).url(psc.endpoints)).text
    (transaction,) = re.findall(r'name="transaction" value="([^"]+)"', page)
    form = {"transaction": transaction, "professional": NURSE.national_id}
    cookie = psc.http.post("/wallet/auth/choix", data=form).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))


def test_secret_in_the_form_is_accepted_too(psc: Client) -> None:
    request = SignIn(SOFTWARE)
    form = request.exchange(returned(psc, request)["code"])
    form |= {"client_id": SOFTWARE.client_id, "client_secret": SOFTWARE.secret}
    assert "access_token" in psc.http.post(psc.endpoints.token_endpoint, data=form).json()


def test_a_client_without_its_secret_is_refused(psc: Client) -> None:
    with pytest.raises(Rejected) as refusal:
        dataclasses.replace(psc, proof=Secret("")).refresh("x")
    assert refusal.value.code == "invalid_client"


def test_logout_never_sends_anyone_elsewhere(psc: Client) -> None:
    _, tokens = sign_in(psc)
    for id_token in (tokens["id_token"], "faux"):
        url = messages.end_session_url(
            psc.endpoints.end_session_endpoint,
            id_token=id_token,
            return_to="https://ailleurs.invalid/",
            state="x",
        )
        assert psc.http.get(url).status_code == 400


def test_logout_ends_the_tokens(psc: Client) -> None:
    _, tokens = sign_in(psc)
    url = messages.end_session_url(
        psc.endpoints.end_session_endpoint,
        id_token=tokens["id_token"],
        return_to=SOFTWARE.logout_uri,
        state="x",
    )
    psc.http.get(url)
    assert not psc.introspect(tokens["access_token"]).active


def test_what_does_not_exist_is_a_page_in_french(http: httpx.Client) -> None:
    answer = http.get("/ailleurs")
    assert (answer.status_code, "Page inconnue" in answer.text) == (404, True)


# --- telephones


def test_a_telephone_may_refuse(psc: Client, clock: Clock) -> None:
    login = psc.ask_device(DeviceRequest(NURSE.national_id, "42"))
    assert "42" in psc.http.get(DEVICE).text
    psc.http.post(DEVICE, data={"auth_req_id": login.auth_req_id, "answer": "refuse"})
    with pytest.raises(Rejected) as refusal:
        psc.poll(login.auth_req_id)
    assert refusal.value.code == "access_denied"


def test_polling_too_often_is_slowed_down(psc: Client, clock: Clock) -> None:
    login = psc.ask_device(DeviceRequest(NURSE.national_id, "42"))
    assert psc.poll(login.auth_req_id) == Pending()
    clock.wait(seconds=1)
    assert psc.poll(login.auth_req_id) == Pending(slow_down=True)
    psc.http.post(DEVICE, data={"auth_req_id": login.auth_req_id, "answer": "accept"})
    clock.wait(seconds=login.interval)
    assert isinstance(psc.poll(login.auth_req_id), Tokens)
    with pytest.raises(Rejected):
        psc.poll(login.auth_req_id)


def test_an_unanswered_request_expires(psc: Client, clock: Clock) -> None:
    login = psc.ask_device(DeviceRequest(NURSE.national_id, "42"))
    clock.wait(seconds=login.expires_in)
    with pytest.raises(Rejected) as refusal:
        psc.poll(login.auth_req_id)
    assert refusal.value.code == "expired_token"
    assert "Aucune demande" in psc.http.get(DEVICE).text


def test_the_code_shown_on_both_sides_is_two_digits(psc: Client) -> None:
    with pytest.raises(Rejected) as refusal:
        psc.ask_device(DeviceRequest(NURSE.national_id, "Bonjour"))
    assert refusal.value.code == "invalid_binding_message"


# --- switches


@pytest.mark.parametrize(
    "fault",
    [
        "wrong_issuer",
        "wrong_audience",
        "wrong_nonce",
        "wrong_key",
        "expired",
        "alg_none",
        "another_party",
        "stale",
    ],
)
def test_a_false_id_token_is_refused(psc: Client, clock: Clock, fault: str) -> None:
    psc.http.post("/_sandbox", json={"fault": fault})
    request, tokens = sign_in(psc)
    with pytest.raises(Malformed):
        verified(psc, tokens, request, clock)


@pytest.mark.parametrize("fault", ["missing_acr", "weak_acr"])
def test_an_id_token_without_the_level_is_refused(psc: Client, clock: Clock, fault: str) -> None:
    psc.http.post("/_sandbox", json={"fault": fault})
    request, tokens = sign_in(psc)
    with pytest.raises(DomainError) as refusal:
        verified(psc, tokens, request, clock)
    assert refusal.value.code == "psc_weak_authentication"


def test_keys_turn_and_both_serve_until_the_former_is_withdrawn(psc: Client, clock: Clock) -> None:
    before, old = sign_in(psc)
    psc.http.post("/_sandbox", json={"rotate": True})
    after, new = sign_in(psc)
    assert verified(psc, old, before, clock)["acr"] == "eidas1"
    assert verified(psc, new, after, clock)["acr"] == "eidas1"
    psc.http.post("/_sandbox", json={"forget": True})
    assert verified(psc, new, after, clock)["acr"] == "eidas1"
    with pytest.raises(Malformed):
        verified(psc, old, before, clock)


def test_an_unknown_switch_is_refused(http: httpx.Client) -> None:
    assert http.post("/_sandbox", json={"fault": "inconnu"}).status_code == 400


def test_a_service_down_is_unreachable(psc: Client) -> None:
    psc.http.post("/_sandbox", json={"mode": "down"})
    with pytest.raises(Unreachable):
        psc.refresh("x")
    psc.http.post("/_sandbox", json={"mode": "normal"})
    with pytest.raises(Rejected):
        psc.refresh("x")


def test_a_cut_and_a_slow_service_are_unreachable() -> None:
    app = Simulator("", [NURSE], [party()])
    with serve(app, None) as url, httpx.Client(base_url=url, timeout=0.5) as http:
        app.settle(url)
        psc = Client(http, discover(http, DISCOVERY), SOFTWARE.client_id, Secret(SOFTWARE.secret))
        for trouble in ({"mode": "cut"}, {"mode": "slow", "seconds": 0.8}):
            http.post("/_sandbox", json=trouble)
            with pytest.raises(Unreachable):
                psc.refresh("x")


@pytest.mark.parametrize(
    ("status", "error"), [(403, Rejected), (404, Malformed), (500, Unreachable), (200, Malformed)]
)
def test_a_page_in_place_of_an_answer_is_told_apart_by_its_status(
    psc: Client, status: int, error: type[Exception]
) -> None:
    page = httpx.MockTransport(lambda request: httpx.Response(status, text="<html/>"))
    with httpx.Client(transport=page) as http, pytest.raises(error):
        dataclasses.replace(psc, http=http).keys()


# --- the file of people


def test_professionals_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "professionals.json"
    path.write_text(json.dumps([dataclasses.asdict(NURSE), dataclasses.asdict(DOCTOR)]))
    assert load(path) == (NURSE, DOCTOR)


def test_a_file_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "professionals.json"
    path.write_text(json.dumps([{"nom": "TESTIDE"}]))
    with pytest.raises(TypeError):
        load(path)
