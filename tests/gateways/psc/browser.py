"""A person in front of a browser, in a few lines: follow redirects, press the first button of a form."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx

from jalon.gateways.psc.messages import ACR, SCOPE, Endpoints

STEPS = 12


@dataclass(frozen=True)
class Registered:
    """The software as it is registered at the provider."""

    client_id: str = "jalon-test"
    secret: str = "secret-of-the-tests"
    redirect_uri: str = "http://127.0.0.1:9/accounts/oidc/psc/login/callback/"
    logout_uri: str = "http://127.0.0.1:9/au-revoir/"


@dataclass(frozen=True)
class SignIn:
    """One request of sign-in: its secrets, and the parameters the browser carries."""

    software: Registered
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def url(self, endpoints: Endpoints, **changes: str) -> str:
        """A change to an empty text takes the parameter away."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.software.client_id,
            "redirect_uri": self.software.redirect_uri,
            "scope": SCOPE,
            "state": self.state,
            "nonce": self.nonce,
            "acr_values": ACR,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        kept = {name: text for name, text in (asked | changes).items() if text}
        return f"{endpoints.authorization_endpoint}?{urlencode(kept)}"

    def exchange(self, code: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.software.redirect_uri,
            "code_verifier": self.verifier,
        }


class _Form(HTMLParser):
    """The first form of a page: its address, its hidden fields, the first button that says something."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.button: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = given["action"]
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]
        if tag == "button" and not self.button and "name" in given:
            self.button = {given["name"]: given["value"]}


def browse(http: httpx.Client, url: str, *, until: str, **pressed: str) -> dict[str, str]:
    """Follow `url` to the address `until`, which is not asked; what the provider wrote in its query.

    `pressed` is the button, the first one of the page by default.
    """
    response = http.get(url)
    for _ in range(STEPS):
        if response.is_redirect:
            target = urljoin(str(response.url), response.headers["location"])
            if target.startswith(until):
                return dict(parse_qsl(urlsplit(target).query))
            response = http.get(target)
            continue
        form = _Form()
        form.feed(response.text)
        assert form.action, f"no way on from {response.status_code} {response.text[:200]}"
        sent: dict[str, Any] = {**form.fields, **(pressed or form.button)}
        response = http.post(urljoin(str(response.url), form.action), data=sent)
    raise AssertionError("the provider goes round in circles")
