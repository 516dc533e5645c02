"""Somebody in front of our sign-in page and of the provider's, with one browser for both."""

from contextlib import nullcontext
from dataclasses import dataclass

import httpx
from django.http import HttpResponse
from django.test import Client

from jalon_sandbox.psc.simulator import Professional, Simulator
from tests.gateways.psc.browser import Registered, browse
from tests.gateways.psc.people import NURSE

HOME, LOGIN, START, LOGOUT = "/ma-journee/", "/compte/login/", "/compte/oidc/psc/login/", "/compte/logout/"
CALLBACK = "http://testserver/compte/oidc/psc/login/callback/"
SIGNED_OUT = "http://testserver/compte/deconnexion/"
SOFTWARE = Registered(redirect_uri=CALLBACK, logout_uri=SIGNED_OUT)
UNCONFIRMED = "Pro Santé Connect n’a pas confirmé votre identité"
SILENT = "Pro Santé Connect ne répond pas"


@dataclass(frozen=True)
class Provider:
    """The sandbox, and the settings of a site connected to it."""

    app: Simulator
    discovery: str


def come_back(client: Client, who: Professional = NURSE, browser: httpx.Client | None = None) -> HttpResponse:
    """Leave for the provider, say who one is there, come back with the code."""
    leaving = client.post(START)
    with nullcontext(browser) if browser else httpx.Client() as there:
        back = browse(there, leaving["Location"], until=CALLBACK, professional=who.national_id)
    answer: HttpResponse = client.get(CALLBACK, back)  # type: ignore[assignment]  # what the test client gives
    return answer


def said(client: Client) -> str:
    return str(client.get(LOGIN).content.decode())
