"""Other ways of using the same pages: the keyboard alone, no script, paper."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scene import EDUCATOR, LEAD, Scene

Picture = Callable[[Page, str], Path]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"))


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until what is focused says `name`, as somebody without a mouse would."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in focused(page):
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_a_note_is_written_with_the_keyboard_alone(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(EDUCATOR)
    page.goto("/ma-journee/")
    page.keyboard.press("Tab")
    assert "Aller au contenu" in focused(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    first = page.locator("a.tuile b").first.inner_text()
    tab_to(page, first)
    with page.expect_navigation():  # the shortcuts are there once the page has loaded
        page.keyboard.press("Enter")
    expect(page.locator("#nom-usager")).to_be_visible()
    page.locator("body").press("n")
    assert page.evaluate("document.activeElement.id") == "texte-note"
    page.keyboard.type("A noté au clavier, sans souris.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Publier")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Publié.")).to_be_visible()
    expect(page.locator(".fil")).to_contain_text("A noté au clavier, sans souris.")


def test_the_handover_is_read_with_one_key_each(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(LEAD)
    page.goto("/releve/")
    before = page.locator(".releve__item").count()
    page.keyboard.press("j")
    current = page.locator(".releve__item[aria-current]")
    expect(current).to_have_count(1)
    assert current.evaluate("element => element.contains(document.activeElement)")
    button = current.locator("[data-lu]").first
    name = button.get_attribute("id")
    page.evaluate("window.same = true")
    page.keyboard.press("l")
    undo = page.locator(f"#{name}", has_text="Annuler")
    expect(undo).to_be_visible()
    assert page.evaluate("window.same"), "the page was not loaded again"
    assert page.locator(".releve__item").count() == before
    undo.click()
    expect(page.locator(f"#{name}", has_text="J’ai lu")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == name, "the focus stays where it was"


def test_a_note_takes_two_gestures_on_a_telephone(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(EDUCATOR, width=390)
    page.goto("/ma-journee/")
    page.get_by_role("navigation", name="Menu rapide").get_by_role("link", name="Noter").click()  # one
    expect(page.get_by_label("Nouvelle note")).to_be_focused()
    page.keyboard.type("A dessiné toute la matinée.")
    face = page.get_by_role("button", name="Publier pour").first
    name = face.locator("b").inner_text()
    face.click()  # two
    expect(page.locator(".avis.ton-ok")).to_contain_text(f"Publié pour {name}")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("La note est retirée.")).to_be_visible()


def test_a_project_closed_has_a_successor(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(LEAD)
    page.goto(scene.dossier("projet/"))
    goals = page.locator(".objectif blockquote").all_inner_texts()
    page.get_by_role("link", name="Terminer le projet").click()
    page.locator("form.pile").evaluate(
        "form => form.noValidate = true"
    )  # what the browser stops, the page says too
    page.get_by_role("button", name="Terminer le projet").click()
    expect(page.locator(".recap")).to_contain_text("Dites pourquoi le projet se termine.")
    page.get_by_label("Pourquoi ce projet se termine").select_option("bilan")
    page.get_by_label("Ce que l’équipe retient").fill("Une année de trajets réussis.")
    page.get_by_role("button", name="Terminer le projet").click()
    expect(page.locator("main")).to_contain_text("Une année de trajets réussis.")
    page.get_by_role("button", name="Nouveau projet à partir de celui-ci").click()
    expect(page.get_by_text("Le nouveau projet est ouvert.")).to_be_visible()
    assert set(page.locator(".objectif blockquote").all_inner_texts()) <= set(goals)
    assert page.locator(".objectif blockquote").count()
    expect(page.locator("main")).to_contain_text("Projets précédents")


def test_every_focus_can_be_seen(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(LEAD)
    page.goto(scene.dossier())
    unseen = []
    for _ in range(50):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const one = document.activeElement, label = one.closest(".puce, .saisie");
            const styles = [one, ...(label ? [label] : [])].map(element => getComputedStyle(element));
            return one === document.body || styles.some(style => style.outlineStyle !== "none"
                && parseFloat(style.outlineWidth) >= 2 || style.boxShadow.includes("0px 2px")); }"""
        )
        if not seen:
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert unseen == []


def test_everything_works_without_a_script(
    scene: Scene, visit: Callable[..., Page], picture: Picture
) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/")
    page.locator(f"form:has(input[value='{EDUCATOR}']) button").click()
    page.get_by_role("link", name="Rechercher une personne").first.click()
    name = page.locator("table.donnees a.perso b").first.inner_text()
    page.locator("#q").fill(name.split()[-1])
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name=name).first.click()
    page.locator("#texte-note").fill("Écrit sans le moindre script.")
    page.locator(".saisie").get_by_text("Éducatif").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".fil")).to_contain_text("Écrit sans le moindre script.")
    page.get_by_role("link", name="Projet", exact=True).first.click()
    page.get_by_role("link", name="Attente", exact=True).click()
    page.get_by_label("Attente", exact=True).fill("« Je veux un chat. »")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("« Je veux un chat. »")
    page.goto("/releve/?voir=toutes")
    expect(page.locator(".trans", has_text="sans le moindre script")).to_contain_text("Lu")  # one’s own
    page.get_by_role("button", name="J’ai lu").first.click()
    expect(page.locator(".avis.ton-ok").get_by_role("button", name="Annuler")).to_be_visible()
    page.get_by_role("button", name="Affichage de nuit").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "nuit")
    page.locator("summary", has_text="mon compte").click()
    page.locator(".moi").get_by_role("button", name="Se déconnecter").click()
    page.goto("/ma-journee/")
    expect(page).to_have_url("/compte/login/")
    picture(page, "entree-sans-script")


@pytest.mark.parametrize("theme", ["", "nuit"])
def test_a_printed_page_says_of_whom_it_is_and_wastes_no_ink(
    scene: Scene, visit: Callable[..., Page], picture: Picture, theme: str
) -> None:
    page = visit(LEAD, theme=theme)
    for name in ("", "projet/", "agenda/"):
        page.goto(scene.dossier(name))
        person = page.locator(".identite__nom").inner_text()
        page.emulate_media(media="print")
        expect(page.locator(".identite")).to_be_visible()
        expect(page.locator(".papier")).to_contain_text(person)
        for hidden in (".nav", ".haut", ".bas", ".saisie", ".btn", ".onglets"):
            expect(page.locator(hidden).filter(visible=True)).to_have_count(0)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        picture(page, f"imprime-{name.strip('/') or 'synthese'}{'-nuit' if theme else ''}")
        page.emulate_media(media="screen")


def test_a_draft_is_kept_until_it_is_published(scene: Scene, visit: Callable[..., Page]) -> None:
    page = visit(EDUCATOR)
    page.goto("/ma-journee/")
    with page.expect_navigation():
        page.locator("a.tuile").first.click()
    page.locator("#texte-note").fill("Brouillon commencé avant le repas.")
    page.reload()
    expect(page.locator("#texte-note")).to_have_value("Brouillon commencé avant le repas.")
    page.locator(".saisie").get_by_text("Éducatif").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publié.")).to_be_visible()
    page.reload()
    expect(page.locator("#texte-note")).to_have_value("")
