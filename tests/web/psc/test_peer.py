"""Whole sign-ins from our own pages with a provider that is not ours (npm oidc-provider), by each proof."""

import contextlib
import datetime as dt
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
import time_machine
from django.test import Client
from joserfc.jwk import RSAKey
from pytest_django import Settings

from jalon.staff.models import Account
from jalon_sandbox.common.pki import Authority, Credential
from tests.factories import TEST_PASSWORD
from tests.gateways.psc.browser import browse
from tests.gateways.psc.people import NURSE_SAMPLE
from tests.peers.oidc.oidc import running
from tests.web.psc.browser import (
    CALLBACK,
    HOME,
    LOGIN,
    LOGOUT,
    SIGNED_OUT,
    SOFTWARE,
    START,
    UNCONFIRMED,
    said,
)
from tests.web.psc.conftest import connect
from tests.web.psc.test_telephone import ASK, WAIT
from tests.web.story import Story
from tests.web.test_sign_in import by_password

pytestmark = [pytest.mark.needs_peer("node"), pytest.mark.needs_shared]
NOW = dt.datetime.now(dt.UTC)
CLOSED = "Votre session Pro Santé Connect est fermée aussi"


@dataclass(frozen=True)
class Way:
    """How our software proves that it is the one: what the provider knows of it, what our settings say."""

    registered: dict[str, object]
    settings: dict[str, object]
    environment: dict[str, str] = field(default_factory=dict)
    tls: dict[str, str] | None = None


def by_secret(folder: Path) -> Way:
    return Way({"client_secret": SOFTWARE.secret}, {})


def by_signature(folder: Path) -> Way:
    key = RSAKey.generate_key(2048)
    (folder / "signs.key").write_bytes(key.as_pem(private=True))
    public = key.as_dict(private=False, kid=key.thumbprint(), use="sig")
    return Way(
        {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "RS256",
            "jwks": {"keys": [public]},
        },
        {"PSC_CLIENT_AUTH": "private_key_jwt", "PSC_KEY": folder / "signs.key"},
    )


def by_certificate(folder: Path) -> Way:
    authority = Authority.create(NOW)
    certificate, key = authority.client("JALON-PSC").write(folder, "psc")
    return Way(
        {
            "token_endpoint_auth_method": "tls_client_auth",
            "tls_client_auth_subject_dn": "CN=JALON-PSC",
            "tls_client_certificate_bound_access_tokens": True,
        },
        {"PSC_CLIENT_AUTH": "tls_client_auth", "PSC_CERTIFICATE": certificate, "PSC_KEY": key},
        {"SSL_CERT_FILE": str(authority.write(folder)[0])},
        _pem(authority, authority.server(["localhost"])),
    )


def _pem(authority: Authority, server: Credential) -> dict[str, str]:
    return {
        "ca": authority.ca_pem.decode(),
        "cert": server.cert_pem.decode(),
        "key": server.key_pem.decode(),
    }


@dataclass(frozen=True)
class House:
    """The provider that runs, and the way it knows us."""

    way: Way
    issuer: str


@pytest.fixture(scope="module", params=[by_secret, by_signature, by_certificate])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    make: Callable[[Path], Way] = request.param
    way = make(tmp_path_factory.mktemp("psc"))
    registered = {
        "client_id": SOFTWARE.client_id,
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [SIGNED_OUT],
        **way.registered,
    }
    with contextlib.ExitStack() as stack:
        try:
            issuer = stack.enter_context(running(NURSE_SAMPLE, registered, way.tls))
        except subprocess.CalledProcessError:
            if os.environ.get("JALON_NO_SKIP"):
                raise
            pytest.skip("npm n’a pas pu installer le pair OpenID")
        yield House(way, issuer)


@pytest.fixture(autouse=True)
def _the_day(story: Story) -> Iterator[None]:
    """Today's, not the one where the story was written: the provider reads the clock of the machine."""
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(dt.UTC), tick=True):
        yield


@pytest.fixture(autouse=True)
def _connected(house: House, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our settings as the environment of a site connected to that provider makes them."""
    for name, text in house.way.environment.items():
        monkeypatch.setenv(name, text)
    connect(settings, monkeypatch, f"{house.issuer}/.well-known/openid-configuration", house.issuer)
    for name, value in house.way.settings.items():
        setattr(settings, name, value)


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client() as there:
        yield there


def come_in(client: Client, browser: httpx.Client) -> str:
    """Press our button, then the provider's; where our page leads then."""
    back = browse(browser, client.post(START)["Location"], until=CALLBACK)
    return str(client.get(CALLBACK, back)["Location"])


def is_asked(client: Client, browser: httpx.Client) -> bool:
    """Does our button lead to a page of the provider that waits for somebody?"""
    answer = browser.get(client.post(START)["Location"])
    while answer.is_redirect and not answer.headers["location"].startswith(CALLBACK):
        answer = browser.get(urljoin(str(answer.url), answer.headers["location"]))
    return answer.status_code == 200


@pytest.mark.requirement("SC.PSC.01")
def test_a_nurse_enters_leaves_and_is_asked_again(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    assert "Pro Santé Connect" in said(client)
    assert come_in(client, browser) == HOME
    assert client.get(HOME).status_code == 200
    assert client.session["_auth_user_id"] == str(nurse.pk)
    way_out = client.post(LOGOUT)["Location"]
    assert (
        CLOSED
        in client.get(SIGNED_OUT, browse(browser, way_out, until=SIGNED_OUT), follow=True).content.decode()
    )
    assert client.get(HOME)["Location"].startswith(LOGIN)
    assert is_asked(client, browser)
    assert is_asked(Client(), browser), "the session of the provider itself is closed"


@pytest.mark.requirement("SC.PSC.02")
def test_whoever_comes_by_a_password_too_has_one_account(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    nurse.set_password(TEST_PASSWORD)
    nurse.save()
    come_in(client, browser)
    local = by_password(nurse)
    assert client.session["_auth_user_id"] == local.session["_auth_user_id"]


def test_leaving_jalon_alone_keeps_the_session_of_the_provider_and_asks_here(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    come_in(client, browser)
    client.post(LOGOUT, {"reach": "local"})
    assert not is_asked(Client(), browser)
    assert is_asked(client, browser)


@pytest.mark.requirement("SC.PSC.02")
def test_a_professional_that_no_account_of_ours_carries_is_refused(
    db: None, client: Client, browser: httpx.Client
) -> None:
    assert come_in(client, browser) == LOGIN
    assert "n’est rattaché à aucun compte ici" in said(client)


def test_a_code_that_was_used_or_is_another_s_opens_nothing(
    nurse: Account, client: Client, browser: httpx.Client
) -> None:
    begun, thief = client.post(START)["Location"], Client()
    own = thief.post(START)["Location"]
    stolen = browse(browser, begun, until=CALLBACK)
    with httpx.Client() as elsewhere:
        back = browse(elsewhere, own, until=CALLBACK)
    assert thief.get(CALLBACK, back | {"code": stolen["code"]})["Location"] == LOGIN
    assert UNCONFIRMED in said(thief)
    assert "_auth_user_id" not in thief.session
    assert client.get(CALLBACK, stolen)["Location"] == HOME
    client.post(LOGOUT, {"reach": "local"})
    assert client.get(CALLBACK, stolen)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_proof_that_the_provider_does_not_know_opens_nothing(
    nurse: Account, client: Client, browser: httpx.Client, house: House, settings: Settings, tmp_path: Path
) -> None:
    """Another secret, another key, another certificate of nobody it trusts."""
    other = Authority.create(NOW).client("JALON-PSC", rsa=True)
    settings.PSC_CLIENT_SECRET = "un autre secret"  # noqa: S105  of a test
    settings.PSC_CERTIFICATE, settings.PSC_KEY = other.write(tmp_path, "autre")
    assert come_in(client, browser) == LOGIN
    assert "_auth_user_id" not in client.session


# --- on a telephone


def poll_until_it_answers(client: Client, seconds: float = 5) -> str:
    """Ask each second, whatever the provider said of its pace; where our page leads at last."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(1.05)
        kept = client.session
        kept["psc_telephone"] |= {"again_at": 0}
        kept.save()
        led = str(client.post(WAIT)["Location"])
        if led != WAIT:
            return led
    raise AssertionError("nobody confirmed")


@pytest.mark.requirement("SC.PSC.01")
def test_a_nurse_confirms_on_her_telephone_and_leaves(
    nurse: Account, client: Client, browser: httpx.Client, settings: Settings
) -> None:
    settings.PSC_TELEPHONE = True
    assert client.post(ASK, {"rpps": nurse.rpps})["Location"] == WAIT
    assert poll_until_it_answers(client) == HOME
    assert client.session["_auth_user_id"] == str(nurse.pk)
    assert client.get(HOME).status_code == 200
    way_out = client.post(LOGOUT)["Location"]
    client.get(SIGNED_OUT, browse(browser, way_out, until=SIGNED_OUT))
    assert client.get(HOME)["Location"].startswith(LOGIN)
    assert is_asked(client, browser)
