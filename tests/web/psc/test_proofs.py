"""The door of Pro Santé Connect when the software is known there by a key or by a certificate."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from joserfc.jwk import RSAKey
from pytest_django import Settings

from jalon.gateways.psc.proof import thumbprint
from jalon.staff.models import Account
from jalon_sandbox.common.pki import Authority, Credential
from jalon_sandbox.common.server import serve, server_context
from jalon_sandbox.psc.discovery import PROTOCOL
from jalon_sandbox.psc.simulator import Simulator
from jalon_sandbox.psc.wire import as_json
from tests.gateways.psc.people import party
from tests.web.psc.browser import HOME, LOGIN, SOFTWARE, UNCONFIRMED, Provider, come_back
from tests.web.psc.browser import said as told

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def known(sandbox: Provider) -> Iterator[Simulator]:
    """The provider, whose register is put right at the end."""
    yield sandbox.app
    sandbox.app.parties[SOFTWARE.client_id] = party(SOFTWARE)


def test_a_software_that_signs_opens_the_door(
    nurse: Account, client: Client, known: Simulator, settings: Settings, tmp_path: Path
) -> None:
    key = RSAKey.generate_key(2048)
    public = key.as_pem(private=False)
    known.parties[SOFTWARE.client_id] = dataclasses.replace(party(SOFTWARE), secret="", key=public)
    settings.PSC_CLIENT_AUTH, settings.PSC_KEY = "private_key_jwt", tmp_path / "signs.key"
    settings.PSC_KEY.write_bytes(key.as_pem(private=True))
    assert come_back(client)["Location"] == HOME


@pytest.fixture
def authority() -> Authority:
    return Authority.create(NOW)


@pytest.fixture
def shown(authority: Authority, settings: Settings, tmp_path: Path) -> Credential:
    """The certificate that our settings name."""
    ours = authority.client("JALON-PSC")
    settings.PSC_CLIENT_AUTH = "tls_client_auth"
    settings.PSC_CERTIFICATE, settings.PSC_KEY = ours.write(tmp_path, "psc")
    return ours


@pytest.fixture
def mutual(
    known: Simulator, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Simulator]:
    """The provider, which asks softwares for a certificate, under an authority that this machine knows."""
    server = authority.server(["localhost"])
    context = server_context(authority.ca_pem, server.cert_pem, server.key_pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path)[0]))
    with serve(known, context) as address:
        base = known.base
        known.settle(base, address)
        yield known
        known.settle(base)


def test_a_software_known_by_its_certificate_opens_the_door(
    nurse: Account, client: Client, mutual: Simulator, shown: Credential
) -> None:
    registered = dataclasses.replace(party(SOFTWARE), secret="", certificate=thumbprint(shown.cert_pem))
    mutual.parties[SOFTWARE.client_id] = registered
    assert come_back(client)["Location"] == HOME


def test_a_certificate_that_is_not_the_registered_one_opens_nothing(
    nurse: Account, client: Client, mutual: Simulator, shown: Credential
) -> None:
    mutual.parties[SOFTWARE.client_id] = dataclasses.replace(party(SOFTWARE), certificate="x" * 43)
    assert come_back(client)["Location"] == LOGIN
    assert UNCONFIRMED in told(client)


@pytest.mark.parametrize(
    "said", [{"active": True}, {"active": True, "cnf": {"x5t#S256": "x" * 43}}, {"active": False}],
    ids=["to nothing", "to another certificate", "dead"],
)  # fmt: skip
def test_a_token_that_is_not_bound_to_our_certificate_opens_nothing(
    nurse: Account,
    client: Client,
    mutual: Simulator,
    shown: Credential,
    said: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registered = dataclasses.replace(party(SOFTWARE), secret="", certificate=thumbprint(shown.cert_pem))
    mutual.parties[SOFTWARE.client_id] = registered
    introspection = ("POST", f"{PROTOCOL}/token/introspect")
    monkeypatch.setitem(mutual._routes, introspection, lambda request: as_json(said))
    assert come_back(client)["Location"] == LOGIN
    assert UNCONFIRMED in told(client)
    assert "_auth_user_id" not in client.session


def test_a_certificate_that_has_expired_asks_nothing(
    client: Client, db: None, authority: Authority, settings: Settings, tmp_path: Path
) -> None:
    old = authority.client("JALON-PSC", not_after=NOW - dt.timedelta(days=30))
    settings.PSC_CLIENT_AUTH = "tls_client_auth"
    settings.PSC_CERTIFICATE, settings.PSC_KEY = old.write(tmp_path, "psc")
    assert client.post("/compte/oidc/psc/login/")["Location"] == LOGIN
