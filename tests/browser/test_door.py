"""The door in a real browser: password and code, then a key of the device in place of both."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect

from jalon.staff.models import Account
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
    expect(page.get_by_role("heading", name="Il reste à vous faire reconnaître")).to_be_visible()
    picture(page, "se-faire-reconnaitre-1440")
    recognized(LEAD)
    page.get_by_role("link", name="C’est fait, continuer").click()
    expect(page.get_by_role("heading", name="Bonjour Claire")).to_be_visible()
    sign_out(page)
    by_password(page, LEAD)
    picture(page, "second-facteur-demande-1440")
    page.get_by_label("Code", exact=False).first.fill(code(secret))
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.get_by_role("heading", name="Bonjour Claire")).to_be_visible()


def test_a_key_of_the_device_replaces_password_and_code_and_is_named_and_removed(
    scene: Scene, visit: Callable[..., Page], picture: Picture
) -> None:
    page = visit()
    devices, reader = _virtual_key(page)
    by_password(page, EDUCATOR)
    page.get_by_role("link", name="Ajouter une clé").click()
    expect(page.get_by_label("Entrer sans mot de passe")).to_be_checked()
    page.get_by_label("Nom de la clé").fill("Tablette du Verger")
    page.wait_for_load_state()  # the button is a script's
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible(timeout=20_000)
    (made,) = devices.send("WebAuthn.getCredentials", reader)["credentials"]
    assert made["isResidentCredential"]
    recognized(EDUCATOR)
    page.goto("/ma-journee/")
    expect(page.get_by_role("heading", name="Bonjour Inès")).to_be_visible()
    sign_out(page)
    devices.send("WebAuthn.setUserVerified", {**reader, "isUserVerified": False})
    page.goto("/compte/login/")
    page.get_by_role("button", name="Entrer avec une clé").click()
    page.wait_for_timeout(1000)  # the browser asks the reader, which recognizes nobody
    assert page.url.endswith("/compte/login/")
    devices.send("WebAuthn.setUserVerified", {**reader, "isUserVerified": True})
    page.goto("/compte/login/")
    page.get_by_role("button", name="Entrer avec une clé").click()
    expect(page.get_by_role("heading", name="Bonjour Inès")).to_be_visible()
    page.goto("/compte/2fa/webauthn/")
    picture(page, "mes-cles-1440")
    page.get_by_role("link", name="Renommer Tablette du Verger").click()
    page.get_by_role("textbox", name="Mot de passe").fill(TEST_PASSWORD)  # asked before one's means change
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Retirer Mon téléphone").click()
    page.get_by_role("button", name="Retirer cette clé").click()
    expect(page.get_by_text("Mon téléphone")).to_have_count(0)
    sign_out(page)
    page.goto("/compte/login/")
    page.get_by_role("button", name="Entrer avec une clé").click()
    page.wait_for_timeout(1000)  # the answer of a key that is none any more
    page.goto("/ma-journee/")
    assert "/compte/login/" in page.url


def recognized(email: str) -> None:
    """Whoever keeps the accounts typed the code; `test_account_life` does it on their screen."""
    Account.objects.filter(email=email).update(vouched=True)


def _virtual_key(page: Page) -> tuple[CDPSession, dict[str, str]]:
    """A reader of fingerprints that always says yes, until told otherwise."""
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
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devices, {"authenticatorId": made["authenticatorId"]}
