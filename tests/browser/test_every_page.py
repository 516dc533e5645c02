"""Every page, day and night: no fault axe can see, nothing in the console, no sideways scroll."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.addresses import stops
from tests.browser.conftest import WIDTHS
from tests.browser.scene import LEAD, Scene

Picture = Callable[[Page, str], Path]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ENLARGED, ENLARGED_BELOW = 320, 500
# What axe checks: WCAG A and AA up to 2.2, and its good practices.
OPTIONS = {"resultTypes": ["violations"]}
PRINTED = (1440, "nuit")  # at night, that no ink is spent on its ground
VIEWS = [(1440, ""), (1440, "nuit"), (834, ""), (390, ""), (390, "nuit")]


def faults(page: Page, **options: bool) -> list[str]:
    found = Axe().run(page, options=OPTIONS | options).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def printed(page: Page) -> list[str]:
    page.emulate_media(media="print")
    found = faults(page)
    page.emulate_media(media="screen")
    return found


def sideways(page: Page, width: int) -> list[str]:
    """How far the page scrolls sideways; on a telephone, enlarged as well (WCAG 1.4.10: 1280 px at 400 %)."""
    found = []
    for wide in (width, ENLARGED) if width < ENLARGED_BELOW else (width,):
        page.set_viewport_size({"width": wide, "height": WIDTHS[width]})
        if over := page.evaluate(SIDEWAYS):
            found.append(f"at {wide} px the page scrolls {over} px sideways")
    return found


@pytest.mark.parametrize(("width", "theme"), VIEWS)
def test_every_page_is_without_fault(
    scene: Scene, visit: Callable[..., Page], picture: Picture, width: int, theme: str
) -> None:
    wrong: dict[str, list[str]] = {}
    windows: dict[str, Page] = {}
    for stop in stops(scene):
        if stop.who not in windows:
            windows[stop.who] = visit(stop.who, width=width, theme=theme)
        page = windows[stop.who]
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.goto(stop.address)
        seen = [*faults(page), *sideways(page, width)]
        if (width, theme) == PRINTED:
            seen += [f"printed: {fault}" for fault in printed(page)]
        if seen:
            wrong[stop.name] = seen
        if os.environ.get("JALON_WRITE_SCREENSHOTS"):
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            picture(page, f"{stop.file}-{width}{'-nuit' if theme else ''}")
    assert wrong == {}


@pytest.mark.parametrize("theme", ["", "nuit"])
def test_a_form_with_errors_is_without_fault_and_leads_to_them(
    scene: Scene, visit: Callable[..., Page], picture: Picture, theme: str
) -> None:
    page = visit(LEAD, width=390, theme=theme)
    page.goto(scene.dossier("projet/ajouter/objectif/"))
    page.locator("form.pile").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Enregistrer").click()
    recap = page.locator(".recap")
    expect(recap).to_be_focused()
    assert faults(page) == []
    picture(page, f"formulaire-a-completer-390{'-nuit' if theme else ''}")
    recap.get_by_role("link").first.click()
    expect(page.locator("#id_title")).to_be_focused()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_door_with_errors_is_without_fault(
    scene: Scene, visit: Callable[..., Page], picture: Picture, width: int
) -> None:
    page = visit(width=width)
    page.goto("/compte/login/")
    page.get_by_label("Courriel").fill(LEAD)
    page.get_by_label("Mot de passe", exact=True).fill("autre-chose-entierement")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator(".recap")).to_contain_text("Ce courriel et ce mot de passe ne vont pas ensemble")
    assert faults(page) == []
    picture(page, f"entree-refusee-{width}")


def test_the_palette_open_is_without_fault(
    scene: Scene, visit: Callable[..., Page], picture: Picture
) -> None:
    page = visit(LEAD)
    page.goto("/ma-journee/")
    page.keyboard.press("Control+k")
    page.locator("#palette-q").press_sequentially("a")
    page.locator("#palette-resultats a").first.wait_for()
    assert faults(page) == []
    picture(page, "palette-1440")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_without_network_a_page_says_so_and_is_without_fault(
    scene: Scene, visit: Callable[..., Page], picture: Picture, width: int
) -> None:
    page = visit(LEAD, width=width)
    page.goto("/ma-journee/")
    page.context.set_offline(True)
    expect(page.locator("[data-hors-ligne]")).to_be_visible()
    assert faults(page, preload=False) == []  # axe would ask the network for the style sheets again
    picture(page, f"hors-ligne-{width}")
    page.context.set_offline(False)
    expect(page.locator("[data-hors-ligne]")).to_be_hidden()
