"""The components in a real browser, under the product's own CSP: axe, small screens, paper, and app.js."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from csp.utils import build_policy
from django.template import engines
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from jalon.web.areas.components import samples
from tests.support import PROJECT
from tests.web.test_ui import request

pytestmark = pytest.mark.browser

HOUSE = "https://jalon.test"
SIZES = {"ordinateur": (1440, 900), "tablette": (834, 1112), "telephone": (390, 844), "zoom": (320, 640)}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
HEADERS = {"content-type": "text/html; charset=utf-8", "content-security-policy": build_policy()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose only network is our templates and our static files; what the console says is an error."""
    opened = browser.new_page(locale="fr-FR")
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.route("**/*", answer)
    yield opened
    opened.close()
    assert said == []


def answer(route: Route) -> None:
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = PROJECT / "jalon/faces/ui" / path.removeprefix("/static/")
        return route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    night = {"affichage": "nuit"} if path == "/nuit/" else {}
    return route.fulfill(body=components(**night), headers=HEADERS)


def components(**cookies: str) -> str:
    template = engines["jinja2"].get_template("components/index.html")
    drawn = str(template.render(samples.page(), request(**cookies)))
    return drawn.replace("</main>", f"{KEY}</main>")


# What the header of the shell carries for whoever is in: the page of components has neither.
KEY = f'<header data-cle="{"5f" * 32}"></header>'


def show(page: Page, theme: str = "jour", size: str = "ordinateur") -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{HOUSE}/{theme}/")


@pytest.mark.parametrize("theme", ["jour", "nuit"])
@pytest.mark.parametrize("size", ["ordinateur", "telephone"])
def test_axe_finds_nothing(page: Page, theme: str, size: str) -> None:
    show(page, theme, size)
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []


@pytest.mark.parametrize("size", list(SIZES))
def test_a_page_never_scrolls_sideways(page: Page, size: str) -> None:
    show(page, size=size)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_every_control_is_large_enough_for_a_finger(page: Page) -> None:
    """24 px at least (WCAG 2.5.8), links inside a sentence apart."""
    show(page, size="telephone")
    small = """
        [...document.querySelectorAll("a.btn, button, .puce, select, summary, .onglet, .choix")]
            .filter(one => one.offsetParent && one.getBoundingClientRect().height < 24)
            .map(one => one.outerHTML)
    """
    assert page.evaluate(small) == []


def test_on_paper_the_theme_is_the_day_and_no_control_is_left(page: Page) -> None:
    show(page, "nuit")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".btn:visible, .puce:visible, .onglets:visible, textarea:visible").count() == 0
    assert page.locator("#nom-usager:visible").count() == 1


# ── app.js ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_outlives_a_reload_and_says_so(page: Page) -> None:
    show(page)
    page.fill("#texte-note", "Camille a pris le bus seule.")
    expect(page.locator("[data-brouillon-dit]")).to_be_visible()
    page.reload()
    expect(page.locator("#texte-note")).to_have_value("Camille a pris le bus seule.")
    assert page.is_visible("[data-brouillon-dit]")


@pytest.mark.parametrize(("outcome", "kept"), [("ton-ok", ""), ("ton-danger", "Elle a souri.")])
def test_a_draft_is_erased_once_published_and_kept_if_refused(page: Page, outcome: str, kept: str) -> None:
    show(page)
    said = f'<div class="messages"><p class="avis {outcome}">Ce qui s’est passé.</p></div><h1>'
    page.route(
        "**/noter/", lambda route: route.fulfill(body=components().replace("<h1>", said, 1), headers=HEADERS)
    )
    page.fill("#texte-note", "Elle a souri.")
    page.check("input[name=famille][value=educ]", force=True)
    page.click(".saisie button[type=submit]")
    page.wait_for_url("**/noter/")
    expect(page.locator("#texte-note")).to_have_value(kept)


def test_offline_a_note_stays_where_it_is(page: Page) -> None:
    show(page)
    page.fill("#texte-note", "Hors ligne.")
    page.check("input[name=famille][value=educ]", force=True)
    page.context.set_offline(True)
    page.click(".saisie button[type=submit]")
    assert page.is_visible(".hors-ligne >> nth=0")
    assert page.input_value("#texte-note") == "Hors ligne."
    assert page.url == f"{HOUSE}/jour/"
    page.context.set_offline(False)


def test_one_key_writes_a_note_and_another_walks_the_handover(page: Page) -> None:
    show(page)
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "texte-note"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.get_attribute(".releve__item", "aria-current") == "true"


def test_a_professional_may_turn_the_shortcuts_off(page: Page) -> None:
    show(page)
    page.evaluate("localStorage.setItem('raccourcis', 'non')")
    page.keyboard.press("j")
    assert page.get_attribute(".releve__item", "aria-current") is None


def test_a_form_leaves_once(page: Page) -> None:
    show(page)
    left: list[Route] = []

    def take(route: Route) -> None:
        left.append(route)
        route.fulfill(status=204)  # the page stays, as while an answer is awaited

    page.route("**/noter/", take)
    page.fill("#texte-note", "Deux appuis.")
    page.check("input[name=famille][value=educ]", force=True)
    page.dblclick(".saisie button[type=submit]")
    expect(page.locator(".saisie button[type=submit]")).to_have_attribute("aria-busy", "true")
    assert len(left) == 1
