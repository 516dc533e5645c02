"""An import on a telephone and on a screen: what is refused, what it gave, read without fault."""

from collections.abc import Callable

import orjson
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.scene import ADMINISTRATOR, Scene
from tests.browser.test_every_page import SIDEWAYS, faults
from tests.exchange.transfer.files import sample
from tests.formats.tddui.sample import Json


def sent(file: Json) -> FilePayload:
    return {
        "name": "export-ancien-logiciel.json",
        "mimeType": "application/json",
        "buffer": orjson.dumps(file),
    }


def wrong() -> Json:
    file = sample()
    for entry in file["entry"]:
        entry["resource"]["unheardOfInThisVersionOfTheStandard"] = True
    return file


@pytest.mark.parametrize("width", [1440, 390])
def test_an_import_is_readable_refused_or_done(scene: Scene, visit: Callable[..., Page], width: int) -> None:
    page = visit(ADMINISTRATOR, width=width)
    page.goto("/transferts/")
    page.get_by_label("Fichiers TDDUI").set_input_files([sent(wrong())])
    page.get_by_role("button", name="Envoyer les fichiers").click()
    expect(page.locator(".recap")).to_be_focused()
    expect(page.locator(".recap")).to_contain_text("rien n’est enregistré")
    assert (faults(page), page.evaluate(SIDEWAYS)) == ([], 0)
    page.get_by_label("Fichiers TDDUI").set_input_files([sent(sample())])
    page.get_by_label("Établissement qui accueille").select_option(index=1)
    page.get_by_role("button", name="Envoyer les fichiers").click()
    expect(page.get_by_role("heading", name="Fichiers vérifiés")).to_be_visible()
    assert (faults(page), page.evaluate(SIDEWAYS)) == ([], 0)
