"""One afternoon of a head of service, from the door to the figures, at the three widths."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.browser.scene import LEAD, Scene

Picture = Callable[[Page, str], Path]


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".avis.ton-ok")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_door_to_the_figures(
    scene: Scene, visit: Callable[..., Page], picture: Picture, width: int
) -> None:
    page = visit(width=width)
    page.goto("/")
    picture(page, f"entree-{width}")
    page.locator(f"form:has(input[value='{LEAD}']) button").click()
    expect(page.get_by_role("heading", name="Bonjour Claire")).to_be_visible()
    picture(page, f"journee-{width}")
    _find(page, width)
    picture(page, f"dossier-{width}")
    _note(page, width)
    _plan(page, width, picture)
    _handover(page, width, picture)
    page.goto("/indicateurs/")
    expect(page.get_by_role("heading", name="Indicateurs", exact=True)).to_be_visible()
    picture(page, f"indicateurs-{width}")


def _find(page: Page, width: int) -> None:
    """Search with Ctrl K, walk to the person with the arrows."""
    page.keyboard.press("Control+k")
    field = page.get_by_label("Nom, prénom, date de naissance, ou nom d’une pièce")
    expect(field).to_be_focused()
    name = page.locator("a.tuile b").nth(list(WIDTHS).index(width)).inner_text()
    field.press_sequentially(name.split()[-1][:5].lower())
    result = page.locator("#palette-resultats a").first
    expect(result).to_contain_text(name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#nom-usager")).to_contain_text(name.split()[-1])


def _note(page: Page, width: int) -> None:
    words = f"A choisi sa place à table, écran de {width}."
    page.get_by_label("Nouvelle note pour").fill(words)
    page.locator(".saisie").get_by_text("Quotidien").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publié.")).to_be_visible()
    expect(page.locator(".fil")).to_contain_text(words)


def _plan(page: Page, width: int, picture: Picture) -> None:
    if width < 500:  # a telephone: the two lines of the record are one that opens
        page.locator(".plandos summary").click()
    page.get_by_role(
        "link", name="Projet personnalisé" if width < 500 else "Projet", exact=True
    ).first.click()
    if page.get_by_role("button", name="Ouvrir un projet").count():
        page.get_by_role("button", name="Ouvrir un projet").click()
    page.get_by_role("link", name="Attente", exact=True).click()
    page.get_by_label("Attente", exact=True).fill("« Je veux choisir le menu du dimanche. »")
    save(page)
    page.get_by_role("link", name="Objectif", exact=True).click()
    page.get_by_label("Objectif", exact=True).fill(f"Choisir le menu, écran de {width}")
    picture(page, f"objectif-{width}")
    save(page)
    page.get_by_role("link", name="Ajouter une action").click()
    page.get_by_label("Action", exact=True).fill("Préparer la liste avec des images")
    page.get_by_label(f"Choisir le menu, écran de {width}").check()
    save(page)
    expect(page.locator(".objectif", has_text=f"écran de {width}")).to_contain_text("Préparer la liste")
    page.get_by_label("en dit, avec ses mots").fill("Oui, j’aime bien.")
    page.get_by_role("button", name="Noter l’accord").click()
    expect(page.get_by_text("L’accord est noté.")).to_be_visible()
    page.get_by_role("link", name="Préparer la signature").click()
    picture(page, f"signature-{width}")
    page.get_by_role("button", name="Signer le projet").click()
    expect(page.locator(".avis.ton-ok")).to_contain_text("signé")
    picture(page, f"projet-{width}")


def _handover(page: Page, width: int, picture: Picture) -> None:
    page.goto("/releve/?voir=toutes")
    picture(page, f"releve-{width}")
    expect(page.locator(".trans", has_text=f"écran de {width}")).to_contain_text("Lu")  # one’s own
    button = page.get_by_role("button", name="J’ai lu").first
    marked = button.get_attribute("id")
    button.click()
    expect(page.locator(f"#{marked}")).to_have_text("Annuler")
