"""A letter sorted at a screen, at the three widths; and received documents read as on paper."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Reception
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from tests.browser.conftest import WIDTHS
from tests.browser.scene import EDUCATOR, LEAD, NOW, Scene
from tests.browser.test_every_page import SIDEWAYS, faults, sideways
from tests.browser.test_layout import WORDS
from tests.documents.papers import png
from tests.exchange.letters import archive, cda, letter
from tests.support import SHARED, needs_shared

Picture = Callable[[Page, str], Path]
WHY = "Nom d’usage écrit à la place du nom de naissance, vérifié par téléphone."
# A PDF shown first, long tables, a wide one, pictures, a body that is a PDF alone.
PUBLISHED = sorted(path.name for path in (SHARED / "standards/cda/exemples").glob("*.xml"))


def received(raw: bytes, record: str) -> Reception:
    with tenant(ManagingBody.objects.get().pk):
        house = Record.objects.get(pk=record).establishment
        return process(reception=keep_raw(establishment=house, raw=raw, now=NOW), now=NOW)


def about_the_first(scene: Scene, subject: str) -> Reception:
    """A letter about the first person, under another name, without INS."""
    with tenant(ManagingBody.objects.get().pk):
        traits = Record.objects.get(pk=scene.record).person.traits
    return received(
        letter(archive(cda(replace(traits, birth_name="AUTRENOM"), None)), subject=subject), scene.record
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_letter_is_compared_filed_with_a_reason_and_taken_back(
    scene: Scene, visit: Callable[..., Page], picture: Picture, width: int
) -> None:
    reception, page = about_the_first(scene, f"Avis, écran de {width}"), visit(LEAD, width=width)
    page.goto("/messagerie/")
    picture(page, f"messagerie-{width}")
    page.get_by_role("link", name=f"Avis, écran de {width}").click()
    picture(page, f"lettre-{width}")
    page.get_by_role("link", name="Ouvrir le document").click()
    if width > 500:
        expect(page.locator("iframe.recu__pdf")).to_be_visible()
    page.get_by_role("link", name="Comparer").first.click()
    table = page.locator("table.comparaison")
    expect(table.get_by_role("row", name="Nom de naissance")).to_contain_text("Différent")
    expect(table.get_by_role("row", name="Date de naissance")).to_contain_text("Égal")
    assert faults(page) == []
    assert sideways(page, width) == []
    assert page.locator(".comparaison td").evaluate_all(WORDS) == [], "a word is cut"
    picture(page, f"lettre-comparee-{width}")
    button = page.get_by_role("button", name="Classer dans le dossier de")
    button.click()
    expect(table).to_be_visible()  # the reason is missing: nothing left
    page.get_by_label("Pourquoi est-ce quand même cette personne").fill(WHY)
    button.click()
    expect(page.locator(".avis.ton-ok")).to_contain_text("Classé dans le dossier de")
    expect(page.get_by_text("Rapproché malgré : nom de naissance.")).to_be_visible()
    picture(page, f"lettre-classee-{width}")
    page.get_by_label("Pourquoi le document est retiré").fill("C’est sa sœur.")
    page.get_by_role("button", name="Retirer de ce dossier").click()
    expect(page.get_by_text("Le message attend de nouveau.", exact=False).first).to_be_visible()
    with tenant(ManagingBody.objects.get().pk):
        assert not Document.objects.filter(source="received").exists()
        reception.refresh_from_db()
        assert reception.state == "to_match"


@needs_shared
def test_every_published_document_keeps_its_tables_in_their_box(
    scene: Scene, visit: Callable[..., Page], picture: Picture
) -> None:
    page, wrong = visit(LEAD), {}
    for name in PUBLISHED:
        raw = letter(archive((SHARED / "standards/cda/exemples" / name).read_bytes()))
        page.goto(f"/messagerie/{received(raw, scene.record).pk}/documents/0/")
        for fold in page.locator(".recu details > summary").all():
            fold.click()
        found = faults(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            if over := page.evaluate(SIDEWAYS):
                found.append(f"at {width} px the page scrolls {over} px sideways")
            if os.environ.get("JALON_WRITE_SCREENSHOTS"):
                picture(page, f"recu-{name.removesuffix('.xml')}-{width}")
        if found:
            wrong[name] = found
    assert wrong == {}


def test_a_paper_is_added_and_opened_on_a_telephone(
    scene: Scene, visit: Callable[..., Page], picture: Picture
) -> None:
    page = visit(EDUCATOR, width=390)
    page.goto(scene.dossier("documents/"))
    page.get_by_role("link", name="Ajouter un document").click()
    assert faults(page) == []
    assert sideways(page, 390) == []
    picture(page, "document-ajouter-390")
    photograph = {"name": "compte_rendu.png", "mimeType": "image/png", "buffer": png(40, 60)}
    page.get_by_label("Fichier").set_input_files(photograph)
    page.get_by_label("Ce que c’est").select_option(label="Document administratif")
    page.get_by_label("Date du document").fill("03/2024")
    page.get_by_role("button", name="Ajouter au dossier").click()
    expect(page.locator(".avis.ton-ok")).to_contain_text("Document ajouté.")
    picture(page, "documents-390")
    page.get_by_role("link", name="Compte rendu", exact=True).click()
    expect(page.locator("img.recu__image")).to_be_visible()
    assert faults(page) == []
    picture(page, "document-ajoute-390")
