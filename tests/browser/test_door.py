"""The door in a real browser: password and code, then a key of the device in place of both."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.scene import EDUCATOR, LEAD, Scene
from tests.factories import TEST_PASSWORD
from tests.web.test_sign_in import code

Picture = Callable[[Page, str], Path]


def by_password(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(TEST_PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="mon compte").click()
    page.locator(".moi").get_by_role("button", name="Se déconnecter").click()


def test_a_first_sign_in_makes_a_second_factor_then_asks_for_it(
    scene: Scene, visit: Callable[..., Page], picture: Picture
) -> None:
    page = visit()
    by_password(page, LEAD)
    expect(page.get_by_role("img", name="Code à viser")).to_be_visible()
    picture(page, "second-facteur-1440")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("Code", exact=False).last.fill(code(secret))
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    picture(page, "codes-de-secours-1440")
    page.get_by_role("link", name="Ouvrir ma journée").click()
    expect(page.get_by_role("heading", name="Bonjour Claire")).to_be_visible()
    sign_out(page)
    by_password(page, LEAD)
    picture(page, "second-facteur-demande-1440")
    page.get_by_label("Code", exact=False).first.fill(code(secret))
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.get_by_role("heading", name="Bonjour Claire")).to_be_visible()


def test_a_key_of_the_device_replaces_password_and_code(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit()
    _virtual_key(page)
    by_password(page, EDUCATOR)
    page.get_by_role("link", name="Ajouter une clé").click()
    page.get_by_label("Entrer sans mot de passe").check()
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/ma-journee/")
    expect(page.get_by_role("heading", name="Bonjour Inès")).to_be_visible()
    sign_out(page)
    page.goto("/compte/login/")
    page.get_by_role("button", name="Entrer avec une clé").click()
    expect(page.get_by_role("heading", name="Bonjour Inès")).to_be_visible()


def _virtual_key(page: Page) -> None:
    """A reader of fingerprints that always says yes."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
