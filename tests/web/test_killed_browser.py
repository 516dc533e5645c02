"""A browser that is killed between two words: the draft is there when it comes back."""

import contextlib
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Playwright, expect, sync_playwright

from tests.web.test_ui_in_browser import HOUSE, answer

pytestmark = pytest.mark.browser


def launched(playwright: Playwright, profile: Path) -> BrowserContext:
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=shutil.which("chromium"), args=["--no-sandbox"]
    )
    context.route("**/*", answer)
    return context


def test_a_killed_browser_loses_no_word_of_a_draft(tmp_path: Path) -> None:
    with sync_playwright() as playwright:
        context = launched(playwright, tmp_path)
        page = context.new_page()
        page.goto(f"{HOUSE}/jour/")
        page.locator("#texte-note").press_sequentially("Nuit calme au Verger.")
        expect(page.locator("[data-brouillon-dit]")).to_be_visible()
        expect(page.locator("#texte-note:not([data-attente])")).to_be_visible()
        with contextlib.suppress(Error):  # nobody is left to answer
            page.context.new_cdp_session(page).send("Browser.crash")
        again = launched(playwright, tmp_path)
        page = again.new_page()
        page.goto(f"{HOUSE}/jour/")
        expect(page.locator("#texte-note")).to_have_value("Nuit calme au Verger.")
        again.close()
