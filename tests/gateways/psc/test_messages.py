"""Pure messages of Pro Santé Connect: what is read, what is refused, whatever the bytes."""

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.gateways.psc import messages
from jalon.gateways.psc.messages import DeviceLogin, Endpoints, Introspection, Pending, Tokens
from tests.gateways.psc.people import SAMPLES
from tests.support import needs_shared

ENDPOINTS = Endpoints(
    "https://psc.test", "https://w.test/auth", "https://psc.test/t", "u", "k", "i", "https://psc.test/fin"
)
TOKENS = {
    "access_token": "a",
    "refresh_token": "r",
    "id_token": "i",
    "expires_in": 120,
    "refresh_expires_in": 1800,
}
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def encoded(**answer: Any) -> bytes:
    return json.dumps(answer).encode()


@needs_shared
def test_the_published_discovery_document_is_read_and_its_hosts_differ() -> None:
    found = messages.parse_discovery((SAMPLES / "wallet-openid-configuration.mock.json").read_bytes())
    assert found.issuer.endswith("/auth/realms/esante-wallet")
    assert found.authorization_endpoint == "https://wallet.bas.psc.esante.gouv.fr/auth"
    assert found.backchannel_authentication_endpoint.endswith("/ext/ciba/auth")


def test_a_discovery_document_without_an_address_is_malformed() -> None:
    with pytest.raises(Malformed):
        messages.parse_discovery(encoded(issuer="https://psc.test", token_endpoint="t"))


@needs_shared
def test_the_published_introspection_is_read() -> None:
    answer = messages.parse_introspection((SAMPLES / "introspection_response_bas.json").read_bytes())
    assert answer == Introspection(
        True, "899700427885", "eidas3", dt.datetime(2023, 2, 27, 17, 19, 28, tzinfo=dt.UTC)
    )


def test_an_inactive_token_says_nothing_of_anybody() -> None:
    answer = messages.parse_introspection(encoded(active=False, username="899700427885"))
    assert answer == Introspection(active=False)


def test_tokens_are_read_and_never_shown() -> None:
    tokens = messages.parse_tokens(encoded(**TOKENS | {"access_token": "SECRET"}))
    assert (tokens.access_token, tokens.expires_in, tokens.refresh_expires_in) == ("SECRET", 120, 1800)
    assert "SECRET" not in repr(tokens)


@pytest.mark.parametrize(
    "wrong", [{"access_token": None}, {"refresh_token": 1}, {"expires_in": "120"}, {"id_token": []}]
)
def test_tokens_of_another_kind_are_malformed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        messages.parse_tokens(encoded(**TOKENS | wrong))


def test_an_oauth_error_is_a_refusal_with_its_code() -> None:
    with pytest.raises(Rejected) as refusal:
        messages.parse_tokens(encoded(error="invalid_grant", error_description="Session not active"))
    assert (refusal.value.code, refusal.value.label) == ("invalid_grant", "Session not active")


def test_waiting_for_the_professional_is_not_a_refusal() -> None:
    assert messages.parse_poll(encoded(error="authorization_pending")) == Pending()
    assert messages.parse_poll(encoded(error="slow_down")) == Pending(slow_down=True)
    assert isinstance(messages.parse_poll(encoded(**TOKENS)), Tokens)
    with pytest.raises(Rejected):
        messages.parse_poll(encoded(error="access_denied"))


def test_a_request_on_a_telephone_polls_every_five_seconds_unless_told_otherwise() -> None:
    assert messages.parse_device_login(encoded(auth_req_id="x", expires_in=120)) == DeviceLogin("x", 120, 5)
    with pytest.raises(Malformed):
        messages.parse_device_login(encoded(expires_in=120))


def test_the_end_of_a_session_is_an_address_with_its_proof() -> None:
    url = messages.end_session_url(
        ENDPOINTS.end_session_endpoint, id_token="a.b.c", return_to="https://dui.test/?a=1", state="é"
    )
    assert url == (
        "https://psc.test/fin?id_token_hint=a.b.c"
        "&post_logout_redirect_uri=https%3A%2F%2Fdui.test%2F%3Fa%3D1&state=%C3%A9"
    )


@pytest.mark.parametrize("end", [10**30, -(10**30), 253402300800])
def test_an_end_beyond_the_calendar_is_malformed(end: int) -> None:
    with pytest.raises(Malformed):
        messages.parse_introspection(encoded(active=True, exp=end))


PARSERS = [
    messages.parse_discovery,
    messages.parse_tokens,
    messages.parse_introspection,
    messages.parse_device_login,
    messages.parse_poll,
    messages.parse_object,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = st.sampled_from(["error", "active", "exp", "access_token", "expires_in", "auth_req_id", "issuer"])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PARSERS),
    st.binary() | JSON.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(NAMES, JSON).map(lambda value: json.dumps(value).encode()),
)  # fmt: skip
def test_any_bytes_are_an_answer_or_one_of_our_errors(parse: Any, data: bytes) -> None:
    with contextlib.suppress(Malformed, Rejected):
        parse(data)


KEYS = st.dictionaries(st.sampled_from(["kty", "kid", "n", "e", "use"]), st.just("RSA") | JSON)


@settings(max_examples=40, deadline=None)
@given(st.text(), JSON | st.lists(KEYS))
def test_any_token_and_any_keys_are_refused_by_one_of_our_errors(token: str, keys: Any) -> None:
    with pytest.raises((Malformed, DomainError)):
        messages.verify_id_token(token, {"keys": keys}, endpoints=ENDPOINTS, client_id="x", nonce="", now=NOW)
