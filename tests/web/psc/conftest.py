"""A site connected to the sandbox of Pro Santé Connect, and a nurse of ours whom it knows."""

import runpy
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from jalon.staff.models import Account
from jalon_sandbox.common.server import serve
from jalon_sandbox.psc.simulator import DISCOVERY, Simulator
from tests.gateways.psc.people import DOCTOR, NURSE, party
from tests.support import PROJECT
from tests.web.psc.browser import SOFTWARE, Provider
from tests.web.story import Story

CONNECTED = (
    "PSC_DISCOVERY",
    "PSC_CLIENT_ID",
    "PSC_CLIENT_SECRET",
    "SOCIALACCOUNT_PROVIDERS",
    "CONTENT_SECURITY_POLICY",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Provider]:
    app = Simulator("", [NURSE, DOCTOR], [party(SOFTWARE)])
    with serve(app, None) as url:
        app.settle(url)
        yield Provider(app, url + DISCOVERY)


@pytest.fixture(autouse=True)
def _connected(sandbox: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(settings, monkeypatch, sandbox.discovery, sandbox.discovery.removesuffix(DISCOVERY))


def connect(settings: Settings, monkeypatch: pytest.MonkeyPatch, discovery: str, origin: str) -> None:
    """Our settings as the environment of a site connected to that provider makes them."""
    monkeypatch.setenv("JALON_PSC_DISCOVERY", discovery)
    monkeypatch.setenv("JALON_PSC_ORIGIN", origin)
    monkeypatch.setenv("JALON_PSC_CLIENT_ID", SOFTWARE.client_id)
    monkeypatch.setenv("JALON_PSC_CLIENT_SECRET", SOFTWARE.secret)
    made = runpy.run_path(str(PROJECT / "jalon/config/settings.py"))
    for name in CONNECTED:
        setattr(settings, name, made[name])


@pytest.fixture
def nurse(story: Story) -> Account:
    """A nurse of ours, known by her RPPS; she has no password here."""
    account = story.staff["nurse"]
    account.rpps = NURSE.national_id[1:]
    account.save()
    return account


@pytest.fixture
def faulty(sandbox: Provider) -> Iterator[Simulator]:
    """The provider, put right at the end."""
    yield sandbox.app
    sandbox.app.tokens.fault, sandbox.app.mode = "", "normal"
