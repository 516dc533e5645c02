"""The providers under contract: our sandbox, and a third-party one; both on loopback, met by HTTP alone."""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from jalon.gateways.psc.client import Client, discover
from jalon.gateways.psc.proof import Secret
from jalon_sandbox.common.server import serve
from jalon_sandbox.psc.simulator import DEVICE, DISCOVERY, Simulator
from tests.gateways.psc.browser import SignIn, browse
from tests.gateways.psc.people import DOCTOR, NURSE, NURSE_SAMPLE, SOFTWARE, party
from tests.peers.oidc.oidc import running


@dataclass(frozen=True)
class Provider:
    """A provider ready for `SOFTWARE`; `confirm` plays the professional on their telephone."""

    client: Client
    http: httpx.Client
    confirm: Callable[[], None]

    def sign_in(self, **asked: str) -> tuple[SignIn, dict[str, Any]]:
        """A whole sign-in: the request, which may ask for more, and the tokens got."""
        request = SignIn(SOFTWARE)
        returned = browse(self.http, request.url(self.client.endpoints, **asked), until=SOFTWARE.redirect_uri)
        assert returned["state"] == request.state
        response = self.token(request.exchange(returned["code"]))
        assert response.status_code == 200, response.text
        return request, response.json()

    def token(self, form: dict[str, str]) -> httpx.Response:
        return self.http.post(
            self.client.endpoints.token_endpoint, data=form, auth=(SOFTWARE.client_id, SOFTWARE.secret)
        )


@dataclass(frozen=True)
class House:
    """A provider that runs: where it is discovered, and the telephone of its professional."""

    discovery: str
    confirm: Callable[[], None]


@contextlib.contextmanager
def _sandbox() -> Iterator[House]:
    app = Simulator("", [NURSE, DOCTOR], [party()], ciba_interval=1)
    with serve(app, None) as url:
        app.settle(url)

        def confirm() -> None:
            for waiting in app.devices.waiting():
                httpx.post(url + DEVICE, data={"auth_req_id": waiting, "answer": "accept"})

        yield House(url + DISCOVERY, confirm)


@contextlib.contextmanager
def _third_party() -> Iterator[House]:
    registered = {
        "client_id": SOFTWARE.client_id,
        "client_secret": SOFTWARE.secret,
        "redirect_uris": [SOFTWARE.redirect_uri],
        "post_logout_redirect_uris": [SOFTWARE.logout_uri],
    }
    with running(NURSE_SAMPLE, registered) as issuer:
        yield House(f"{issuer}/.well-known/openid-configuration", lambda: None)


@pytest.fixture(
    scope="session",
    params=[
        "sandbox",
        pytest.param("oidc-provider", marks=[pytest.mark.needs_peer("node"), pytest.mark.needs_shared]),
    ],
)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    started = _sandbox if request.param == "sandbox" else _third_party
    with contextlib.ExitStack() as stack:
        try:
            ready = stack.enter_context(started())
        except subprocess.CalledProcessError:
            if os.environ.get("JALON_NO_SKIP"):
                raise
            pytest.skip("npm n’a pas pu installer le pair OpenID")
        yield ready


@pytest.fixture
def provider(house: House) -> Iterator[Provider]:
    """Met with a new browser: no session of a former test."""
    with httpx.Client(timeout=10) as http:
        endpoints = discover(http, house.discovery)
        yield Provider(
            Client(http, endpoints, SOFTWARE.client_id, Secret(SOFTWARE.secret)), http, house.confirm
        )
