"""The picture of the README is a picture of the product; JALON_WRITE_SCREENSHOTS=1 takes it again."""

import os
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.scene import LEAD, Scene
from tests.support import PROJECT

PICTURE = PROJECT / "docs/images/dossier.png"
WRITE = "JALON_WRITE_SCREENSHOTS"


def test_the_picture_of_the_readme_shows_a_dossier(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(LEAD)
    page.goto(scene.dossier())
    expect(page.locator(".fil")).to_contain_text("Trajet en bus, ligne 7")
    page.evaluate("document.fonts.ready")
    taken = page.screenshot()
    if os.environ.get(WRITE):
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_bytes(taken)
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
    assert PICTURE.stat().st_size < 400_000, "a README is read on a telephone too"
