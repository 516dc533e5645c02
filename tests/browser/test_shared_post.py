"""Two people on one tablet, by what is on the screen: each their own draft, and nothing of the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PICTURES
from tests.browser.scene import Scene

Visit = Callable[..., Page]
Picture = Callable[[Page, str], Path]
CODES = {"Inès": "402917", "Claire": "739205"}
DRAFT, OTHERS, PUBLISHED = (
    "Il a souri en voyant la mer.",
    "Elle a mangé seule, en riant.",
    "Nuit calme au Verger.",
)


@pytest.fixture
def tablet(scene: Scene, visit: Visit) -> Iterator[Page]:
    """Declared by the director, from its own settings."""
    page = visit(width=834)
    enter(page, "directrice")
    page.get_by_role("link", name="Plus").first.click()
    page.get_by_role("link", name="Réglages").first.click()
    page.get_by_role("link", name="Postes partagés").click()
    page.get_by_role("link", name="Partager ce poste").click()
    page.get_by_label("Nom du poste").fill("Tablette du Verger")
    page.get_by_label("Établissement").select_option(label="Foyer Les Tilleuls")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Ce poste est partagé.")).to_be_visible()
    page.screenshot(path=PICTURES / "poste-reglage-834.png")
    assert faults(page) == []
    sign_out(page)
    yield page


def enter(page: Page, job: str) -> None:
    """In wholly, by the button of that function in the demonstration."""
    page.goto("/compte/login/")
    page.locator("button.role", has_text=job).first.click()
    expect(page.locator("h1")).to_contain_text("Bonjour")


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="mon compte").click()
    page.locator(".moi").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/compte/login/**")


def choose_code(page: Page, code: str) -> None:
    page.locator("summary", has_text="mon compte").click()
    page.get_by_role("link", name="Mon code de poste").click()
    page.get_by_label("Nouveau code").fill(code)
    page.get_by_label("Le même").fill(code)
    page.get_by_role("button", name="Enregistrer ce code").click()
    expect(page.get_by_text("Votre code est enregistré.")).to_be_visible()


def change(page: Page) -> None:
    page.get_by_role("button", name="Changer de personne").click()
    expect(page.get_by_role("heading", name="Qui êtes-vous")).to_be_visible()


def come_back(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()
    page.get_by_label("Votre code").fill(CODES[name])
    page.get_by_role("button", name="Reprendre").click()


def faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


KEPT = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("brouillons");
    asked.onsuccess = () => done(asked.result);
  });
  if (!base.objectStoreNames.length) return [];
  return new Promise((done) => {
    const asked = base.transaction("brouillons").objectStore("brouillons").getAll();
    asked.onsuccess = () => done(asked.result.map((one) => one.name + new TextDecoder().decode(one.sealed)));
  });
}"""


def kept(page: Page) -> list[str]:
    """The drafts, as they lie on the device."""
    found: list[str] = page.evaluate(KEPT)
    return found


def everything(page: Page) -> str:
    """What somebody with the tools of the browser reads: the page, its fields, what it stores."""
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, document.title])"
    )
    fields = page.evaluate(
        "[...document.querySelectorAll('input, textarea')].map(one => one.value).join(' ')"
    )
    return f"{page.content()} {stored} {fields} {kept(page)}"


def write(page: Page, scene: Scene, words: str) -> None:
    page.goto(scene.dossier())
    page.locator("#texte-note").press_sequentially(words)
    expect(page.get_by_text("Brouillon gardé sur cet appareil")).to_be_visible()
    expect(page.locator("#texte-note:not([data-attente])")).to_be_visible()


def test_two_people_each_find_their_own_and_nothing_of_the_other(
    scene: Scene, tablet: Page, picture: Picture
) -> None:
    page = tablet
    enter(page, "éducatrice")
    choose_code(page, CODES["Inès"])
    assert faults(page) == []
    picture(page, "poste-code-834")
    write(page, scene, DRAFT)
    assert len(kept(page)) == 1
    second = page.context.new_page()
    second.goto(scene.dossier())
    expect(second.locator("#texte-note")).to_have_value(DRAFT)
    picture(page, "poste-dossier-834")
    page.get_by_role("button", name="Changer de personne").dblclick()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    picture(page, "poste-porte-834")
    assert faults(page) == []
    expect(second.get_by_role("heading", name="Qui êtes-vous")).to_be_visible()
    for one in (page, second):
        assert DRAFT not in everything(one)
        assert "Bourrache" not in everything(one)

    enter(page, "cheffe de service")
    choose_code(page, CODES["Claire"])
    page.goto(scene.dossier())
    page.wait_for_load_state("networkidle")
    assert DRAFT not in everything(page)
    expect(page.locator("#texte-note")).to_have_value("")
    write(page, scene, OTHERS)
    change(page)
    for width in (390, 1440, 834):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"poste-deux-{width}")
        assert faults(page) == []
    page.get_by_role("button", name="Inès").click()
    picture(page, "poste-code-demande-834")
    assert faults(page) == []
    page.get_by_role("link", name="Ce n’est pas moi").click()
    come_back(page, "Inès")
    page.wait_for_url(f"**{scene.dossier()}")
    expect(page.locator("#texte-note")).to_have_value(DRAFT)
    expect(page.locator("summary", has_text="mon compte")).to_contain_text("Inès")
    assert OTHERS not in everything(page)


def test_the_way_back_shows_nothing_of_the_former(scene: Scene, tablet: Page) -> None:
    page = tablet
    enter(page, "éducatrice")
    write(page, scene, DRAFT)
    change_to_door(page)
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert DRAFT not in everything(page)
        expect(page.locator("summary", has_text="Inès")).to_have_count(0)
    enter(page, "cheffe de service")
    page.go_back()
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert DRAFT not in everything(page)


def change_to_door(page: Page) -> None:
    page.get_by_role("button", name="Changer de personne").click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()


def test_a_page_that_fell_asleep_gives_what_was_typed_there_to_nobody(scene: Scene, tablet: Page) -> None:
    page = tablet
    enter(page, "éducatrice")
    write(page, scene, DRAFT)
    page.context.clear_cookies(name="sessionid")  # as when its session ended
    page.goto("/compte/veille/?next=/ma-journee/")
    page.wait_for_url("**/poste/**")
    enter(page, "cheffe de service")
    while scene.dossier() not in page.url:
        page.go_back()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#texte-note")).to_have_value("")
    assert DRAFT not in everything(page)


def test_a_change_while_the_network_is_cut_locks_at_once_and_stays_locked(
    scene: Scene, tablet: Page, picture: Picture
) -> None:
    page = tablet
    enter(page, "éducatrice")
    choose_code(page, CODES["Inès"])
    write(page, scene, DRAFT)
    second = page.context.new_page()
    second.goto(scene.dossier())
    page.context.set_offline(True)
    page.get_by_role("button", name="Changer de personne").click()
    expect(page.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
    expect(second.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
    picture(page, "poste-coupe-834")
    for one in (page, second):
        assert DRAFT not in everything(one)
        assert "Bourrache" not in everything(one)
    page.context.set_offline(False)
    second.reload()  # the first request of all, by somebody else
    expect(second.get_by_role("heading", name="Qui êtes-vous")).to_be_visible()
    assert "Bourrache" not in everything(second)
    page.get_by_role("link", name="Reprendre").click()
    come_back(page, "Inès")
    page.wait_for_url(f"**{scene.dossier()}")
    expect(page.locator("#texte-note")).to_have_value(DRAFT)


def test_a_draft_outlives_a_closed_tab_and_leaves_once_published(scene: Scene, tablet: Page) -> None:
    enter(tablet, "éducatrice")
    write(tablet, scene, PUBLISHED)
    page = tablet.context.new_page()
    tablet.close()
    page.goto(scene.dossier())
    expect(page.locator("#texte-note")).to_have_value(PUBLISHED)
    page.locator(".saisie").get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publié")).to_be_visible()
    page.wait_for_function(f"async () => !(await ({KEPT})()).length")
