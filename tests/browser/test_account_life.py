"""The life of an account by visible controls: invited, recognized, given another function, gone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import WIDTHS
from tests.browser.scene import ADMINISTRATOR, Scene
from tests.browser.test_every_page import faults, sideways
from tests.factories import TEST_PASSWORD
from tests.web.test_sign_in import code

Visit = Callable[..., Page]
Picture = Callable[[Page, str], Path]


def test_somebody_is_invited_recognized_given_another_function_and_leaves(
    scene: Scene, visit: Visit, picture: Picture
) -> None:
    keeper, newcomer = visit(ADMINISTRATOR), visit()
    link = _invite(keeper, picture)
    shown = _come(newcomer, link, picture)
    newcomer.get_by_role("link", name="C’est fait, continuer").click()
    expect(newcomer.get_by_role("heading", name="Il reste à vous faire reconnaître")).to_be_visible()
    keeper.get_by_role("link", name="Taper son code").click()
    keeper.get_by_label("Code que montre son écran").fill(shown)
    _look(keeper, picture, "reconnaitre")
    keeper.get_by_role("button", name="C’est bien cette personne").click()
    expect(keeper.get_by_text("son accès est ouvert.")).to_be_visible()
    newcomer.get_by_role("link", name="C’est fait, continuer").click()
    expect(newcomer.get_by_role("heading", name="Bonjour Ana")).to_be_visible()
    newcomer.goto(scene.dossier())
    expect(newcomer.get_by_role("heading", level=1)).to_be_visible()
    assert newcomer.url.endswith(scene.dossier())
    _move(keeper)
    newcomer.reload()
    expect(
        newcomer.get_by_text("Ce dossier ne vous est pas ouvert").or_(
            newcomer.get_by_text("n’a pas ce droit")
        )
    ).to_be_visible()
    _leave(keeper)
    newcomer.goto("/ma-journee/")
    expect(newcomer.get_by_role("heading", name="Se connecter")).to_be_visible()


def test_a_list_is_sent_mended_and_brought_in_on_a_telephone(
    scene: Scene, visit: Visit, picture: Picture
) -> None:
    keeper = visit(ADMINISTRATOR, width=390)
    keeper.goto("/comptes/importer/")
    house = "EHPAD Les Églantiers"
    titles = "Nom;Prénom;Courriel;Fonction;Établissement;Remarque"
    lines = [
        f"FICTIF;Bo;bo.fictif@jalon.example;{{}};{house};",
        f"FICTIVE;Cléo;cleo@jalon.example;aes;{house};",
    ]
    _send(keeper, [titles, lines[0].format("reine"), lines[1]], "Vérifier seulement")
    expect(keeper.get_by_text("n’est pas une fonction de Jalon")).to_be_visible()
    _look(keeper, picture, "liste-verifiee", width=390)
    with keeper.expect_download() as errors:
        keeper.get_by_role("link", name="Lignes à corriger (CSV)").click()
    assert "reine" in Path(errors.value.path()).read_text("utf-8-sig")
    _send(keeper, [titles, lines[0].format("infirmière"), lines[1]], "Importer")
    expect(keeper.get_by_role("heading", name="Liste importée")).to_be_visible()
    expect(keeper.locator("code")).to_have_count(2)
    _look(keeper, picture, "liste-importee", width=390)
    keeper.get_by_role("link", name="Premiers accès").click()
    expect(keeper.get_by_text("Cléo FICTIVE")).to_be_visible()
    _look(keeper, picture, "premiers-acces", width=390)


def _send(keeper: Page, lines: list[str], gesture: str) -> None:
    sheet = FilePayload(name="liste.csv", mimeType="text/csv", buffer="\n".join(lines).encode())
    keeper.get_by_label("Liste, en CSV ou en XLSX").set_input_files(sheet)
    keeper.get_by_label(gesture).check()
    keeper.get_by_role("button", name="Envoyer la liste").click()


def _look(page: Page, picture: Picture, name: str, *, width: int = 1440) -> None:
    """No fault that axe sees, nothing to scroll sideways; kept for people to look at."""
    assert [*faults(page), *sideways(page, width)] == [], name
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    picture(page, f"{name}-{width}")


def _invite(keeper: Page, picture: Picture) -> str:
    keeper.goto("/comptes/")
    keeper.get_by_role("link", name="Inviter quelqu’un").click()
    keeper.get_by_label("Prénom").fill("Ana")
    keeper.get_by_label("Nom", exact=True).fill("FICTIVE")
    keeper.get_by_label("Courriel").fill("ana.fictive@jalon.example")
    keeper.get_by_label("Fonction", exact=True).select_option("nurse")
    where = keeper.get_by_label("Où")
    where.select_option(index=min(1, where.locator("option").count() - 1))
    _look(keeper, picture, "inviter")
    keeper.locator("main").get_by_role("button", name="Enregistrer").click()
    expect(keeper.get_by_role("heading", name="Invitation prête pour Ana FICTIVE")).to_be_visible()
    _look(keeper, picture, "invitation")
    return keeper.locator("code").inner_text()


def _come(newcomer: Page, link: str, picture: Picture) -> str:
    """Follow the link, choose a password, make a factor: what the screen then shows."""
    newcomer.goto(f"/{link.split('/', 3)[3]}")
    _look(newcomer, picture, "lien")
    newcomer.get_by_role("textbox", name="Mot de passe").fill(TEST_PASSWORD)
    newcomer.get_by_label("Le même, encore").fill(TEST_PASSWORD)
    newcomer.get_by_role("button", name="Choisir ce mot de passe").click()
    secret = newcomer.locator("#authenticator_secret").input_value()
    newcomer.get_by_label("Code", exact=False).last.fill(code(secret))
    newcomer.get_by_role("button", name="Activer").click()
    newcomer.get_by_role("link", name="Ouvrir ma journée").click()
    expect(newcomer.get_by_role("heading", name="Il reste à vous faire reconnaître")).to_be_visible()
    _look(newcomer, picture, "attente")
    return newcomer.locator(".code-lu").inner_text()


def _move(keeper: Page) -> None:
    """From today on, Ana keeps accounts: she opens no record any more."""
    keeper.get_by_role("link", name="Changer", exact=True).click()
    keeper.get_by_label("Fonction", exact=True).select_option("administrator")
    keeper.get_by_role("button", name="Enregistrer").click()
    expect(keeper.get_by_text("Fonction changée.")).to_be_visible()


def _leave(keeper: Page) -> None:
    keeper.get_by_role("link", name="Noter le départ").click()
    keeper.get_by_role("button", name="Noter le départ").click()
    expect(keeper.get_by_text("Départ noté. Son accès est fermé.")).to_be_visible()
