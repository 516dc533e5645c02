"""Chromium, a server on loopback, and the story it shows: once a module, gone at its end."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from jalon.staff.models import Account
from tests.browser.scene import NOW, Scene, play, strike
from tests.conftest import _as_role
from tests.support import PROJECT
from tests.web.story import enter

# Playwright runs a loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
PICTURES = PROJECT / "var/screenshots"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
)  # fmt: skip
# A refusal that a test asks for, what was on its way when a test cut the network, a reader that knows nobody.
FORESEEN = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED", "NotAllowedError")
WIDTHS = {1440: 1000, 834: 1112, 390: 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One at a time: other modules have theirs, and Playwright's synchronous interface does not nest."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        # While Playwright's loop runs, Django keeps connections apart: this one would outlive the loop.
        connections.close_all()
        browser.close()


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of the tests: pytest-django makes none when no test of the session is marked for it."""
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"].startswith("test_"):
            yield
            return
        _as_role("jalon_owner")
        made = setup_databases(verbosity=0, interactive=False)
        _as_role("jalon_app")
        yield
        _as_role("jalon_owner")
        teardown_databases(made, verbosity=0)
        _as_role("jalon_app")


@pytest.fixture(scope="module")
def scene(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The story is committed, since the server has its own connections; the end of the module erases it."""
    folder = tmp_path_factory.mktemp("scene")
    changes = {
        "DEMO": True,
        "WHITENOISE_AUTOREFRESH": True,
        "MEDIA_ROOT": folder / "files",
        "SEAL_FILE": folder / "seals.log",
    }
    with ExitStack() as stack:
        stack.enter_context(override_settings(**changes))
        stack.enter_context(time_machine.travel(NOW, tick=True))
        # A connection kept by a thread of the server would keep the database from being dropped.
        kept, connection.settings_dict["CONN_MAX_AGE"] = connection.settings_dict["CONN_MAX_AGE"], 0
        stack.callback(connection.settings_dict.__setitem__, "CONN_MAX_AGE", kept)
        server = LiveServer("localhost")
        stack.callback(server.stop)
        stack.callback(strike)
        yield play(server.url)


@pytest.fixture
def visit(scene: Scene, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a window, signed in or not; at the end, nothing may have been complained about in its console."""
    said: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(email: str = "", *, width: int = 1440, theme: str = "", **options: Any) -> Page:
        mobile = width < 500
        context = chromium.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, base_url=scene.address, is_mobile=mobile,
            has_touch=mobile, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce", **options,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(10_000)
        if theme:
            context.add_cookies([{"name": "affichage", "value": theme, "url": scene.address}])
        if email:
            account = Account.objects.get(email=email)
            Account.objects.filter(pk=account.pk).update(theme=theme)
            session = enter(account).cookies[django_settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": scene.address}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in said if not any(foreseen in text for foreseen in FORESEEN)] == []


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """Keep what is on the screen, for people to look at."""

    def taken(page: Page, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return taken
