"""What Chromium sends back of a page of correction: nobody touched it, nothing changes."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from jalon.agenda.models import Event
from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people.models import Contact, Person
from jalon.plans.models import Goal
from jalon.records.models import Record, Stay
from tests.browser.scene import EDUCATOR, LEAD, Scene

ODD = "\n  Une ligne,\r\nune autre. \n\n "


def received(scene: Scene) -> dict[str, Any]:
    """Pages of the record, and rows with what another system may have written in them."""
    record = Record.objects.get(pk=scene.record)
    named = scene.arguments
    Person.objects.filter(pk=record.person_id).update(comment=ODD, city=" Rennes\n", email="pas une adresse")
    Contact.objects.filter(pk=named["contact_id"]).update(comment=ODD, relation="AILLEURS", call_order=900)
    Stay.objects.filter(pk=named["stay_id"]).update(comment=ODD, exit_mode="X 9", mode=" 46")
    event = Event.objects.get(pk=named["event_id"])
    start, end = event.starts_at.replace(second=17), event.ends_at.replace(second=41, microsecond=5)
    Event.objects.filter(pk=event.pk).update(report=ODD, starts_at=start, ends_at=end, status="", label="")
    Goal.objects.filter(pk=named["part_id"]).update(description=ODD, status="")
    return {
        "identite/modifier/": record.person,
        f"entourage/{named['contact_id']}/": Contact.objects.get(pk=named["contact_id"]),
        f"sejours/{named['stay_id']}/": Stay.objects.get(pk=named["stay_id"]),
        f"agenda/{named['event_id']}/": event,
        f"projet/objectif/{named['part_id']}/": Goal.objects.get(pk=named["part_id"]),
    }


def test_a_page_saved_as_it_was_shown_changes_nothing(scene: Scene, visit: Callable[..., Page]) -> None:
    body = ManagingBody.objects.get()
    with tenant(body.pk):
        pages = received(scene)
        for row in pages.values():
            row.refresh_from_db()
        acts = Entry.objects.count()
    page = visit(LEAD)
    for address in pages:
        page.goto(scene.dossier(address))
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator(".avis.ton-ok")).to_be_visible()
    with tenant(body.pk):
        assert Entry.objects.count() == acts
        for address, row in pages.items():
            told = {name: value for name, value in vars(row).items() if not name.startswith("_")}
            assert told == {name: getattr(type(row).objects.get(pk=row.pk), name) for name in told}, address


def test_what_was_typed_and_comes_back_is_sent_with_the_key_it_was_sent_with(
    scene: Scene, visit: Callable[..., Page]
) -> None:
    page = visit(LEAD)
    page.goto(scene.dossier())
    page.locator("#texte-note").fill("A rangé sa chambre avant le départ.")
    page.locator(".saisie").get_by_text("Éducatif").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publié.")).to_be_visible()
    page.go_back()
    expect(page.locator("#texte-note")).to_have_value("A rangé sa chambre avant le départ.")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("C’était déjà fait")).to_be_visible()
    expect(page.locator("#texte-note")).to_have_value("")
    expect(page.locator(".fil").get_by_text("A rangé sa chambre avant le départ.")).to_have_count(1)
    page.goto(scene.dossier("agenda/ajouter/"))
    page.get_by_label("Ce qui est prévu").fill("Visite d’essai du musée")
    page.get_by_label("Début").fill("2026-11-25T10:00")
    page.get_by_label("Fin").fill("2026-11-25T11:00")
    for said in ("Visite d’essai du musée", "C’était déjà fait"):
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator("main")).to_contain_text(said)
        page.go_back()
        expect(page.get_by_label("Ce qui est prévu")).to_have_value("Visite d’essai du musée")


def test_what_comes_back_does_not_erase_what_somebody_else_wrote_in_between(
    scene: Scene, visit: Callable[..., Page]
) -> None:
    mine, theirs = visit(LEAD), visit(EDUCATOR)
    for page, text in ((mine, "Mon texte."), (theirs, "Le texte de l’éducatrice.")):
        page.goto(scene.dossier("projet/texte/"))
        page.get_by_label("Description").fill(text)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator("main")).to_contain_text(text)
    mine.go_back()
    expect(mine.get_by_label("Description")).to_have_value("Mon texte.")
    mine.get_by_role("button", name="Enregistrer").click()
    expect(mine.locator("main")).to_contain_text("Le texte de l’éducatrice.")
    mine.go_back()
    mine.get_by_label("Description").fill("Mon second texte.")
    mine.get_by_role("button", name="Enregistrer").click()
    expect(mine.locator(".recap")).to_contain_text("a modifié cette page")
    expect(mine.locator("caption", has_text="Ce qui a changé entre-temps")).to_be_visible()
