"""How pages hold at the widths of a desk, a tablet and a telephone, with what people really write in them."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from jalon.staff.models import Professional
from tests.browser.conftest import WIDTHS
from tests.browser.scene import ADMINISTRATOR, EDUCATOR, LEAD, NOW, OFFICER, Scene
from tests.browser.test_every_page import SIDEWAYS, faults
from tests.browser.test_shared_post import kept
from tests.factories import EventFactory, HandoverNoteFactory, PersonFactory, RecordFactory

Visit = Callable[..., Page]
LONG = "https://exemple.test/" + "a" * 180
WORDS = """elements => elements.filter(element => {
  const range = document.createRange();
  return element.textContent.trim().split(/[\\s-]+/).some(word => {
    const text = [...element.childNodes].find(node => node.nodeType === 3 && node.data.includes(word));
    if (!text) return false;
    range.setStart(text, text.data.indexOf(word)); range.setEnd(text, text.data.indexOf(word) + word.length);
    return range.getClientRects().length > 1;
  });
}).map(element => element.textContent)"""


@pytest.fixture(scope="module")
def filled(scene: Scene) -> Scene:
    """What breaks pages: a long word, notes that were read, hours of the night, an event of three days."""
    body = ManagingBody.objects.get()
    with tenant(body.pk):
        record = Record.objects.get(pk=scene.record)
        reader = Professional.objects.get(account__email=LEAD)
        note = HandoverNoteFactory.create(
            record=record, author=reader, written_at=NOW, text=f"Voir {LONG} demain."
        )
        note.acknowledgements.create(professional=reader, read_at=NOW)
        for label, start, hours in (("Lever", 6.5, 1), ("Film", 21.5, 1.5), ("Chez sa sœur", -14, 60)):
            begins = NOW.replace(hour=0, minute=0) + dt.timedelta(hours=start)
            EventFactory.create(
                record=record, label=label, starts_at=begins, ends_at=begins + dt.timedelta(hours=hours)
            )
        RecordFactory.create(
            person=PersonFactory.create(birth_name="DE LA TOUR-MONTGOMERY", first_name="Marie-Antoinette"),
            establishment=record.establishment,
            unit=record.unit,
        )
    return scene


@pytest.mark.parametrize("width", list(WIDTHS))
def test_what_people_write_breaks_no_page(filled: Scene, visit: Visit, width: int) -> None:
    page = visit(LEAD, width=width)
    wrong: dict[str, Any] = {}
    for name, address in {
        "thread": filled.dossier(),
        "read": "/releve/?voir=toutes",
        "people": "/usagers/",
        "team": "/agenda/",
        "week": filled.dossier("agenda/"),
        "accesses": filled.dossier("acces/"),
        "need": filled.dossier("projet/ajouter/besoin/"),
        "account": "/compte/2fa/",
        "refused": "/comptes/",
        "missing": "/rien/",
    }.items():
        page.goto(address)
        broken = page.locator(".perso b:visible, .carte h2:visible").evaluate_all(WORDS)
        seen = [*faults(page), *broken, page.evaluate(SIDEWAYS)]
        if seen != [0]:
            wrong[name] = seen
    assert wrong == {}


def test_a_row_of_people_stays_low_on_a_tablet(filled: Scene, visit: Visit) -> None:
    page = visit(LEAD, width=834)
    page.goto("/usagers/")
    heights = page.locator("table.donnees tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) < 120


def test_every_goal_is_in_sight_on_a_tablet(filled: Scene, visit: Visit) -> None:
    page = visit(LEAD, width=834)
    page.goto(filled.dossier("projet/"))
    expect(page.locator(".objectif").first).to_be_visible()
    board = page.locator(".tableau")
    assert board.evaluate("board => board.scrollWidth - board.clientWidth") == 0


def test_the_number_asked_for_is_shown_on_a_telephone(filled: Scene, visit: Visit) -> None:
    page = visit(LEAD, width=390)
    page.goto(filled.dossier())
    page.get_by_role("button", name="Afficher l’INS en entier").click()
    expect(page.locator(".identite .ins")).to_be_visible()
    assert "•" not in page.locator(".identite .ins").inner_text()
    expect(page.get_by_text("Tout le dossier")).to_be_visible()


def test_the_banner_is_short_past_the_first_page_of_a_record_on_a_telephone(
    filled: Scene, visit: Visit
) -> None:
    page = visit(LEAD, width=390)
    page.goto(filled.dossier())
    whole = page.locator(".identite").bounding_box()
    expect(page.locator(".identite__alertes").get_by_role("link")).to_have_count(2)
    page.goto(filled.dossier("agenda/"))
    folded = page.locator(".identite").bounding_box()
    assert whole and folded and folded["height"] < whole["height"]
    assert folded["height"] < 240
    expect(page.locator(".identite__alertes")).to_be_visible()
    expect(page.locator(".agenda-liste > h3").first).to_contain_text("aujourd’hui")


def test_the_week_draws_what_happens_at_its_hour(filled: Scene, visit: Visit) -> None:
    page = visit(LEAD)
    page.goto(filled.dossier("agenda/"))
    tops = {
        name: page.locator(".semaine > .rdv", has_text=name).first.bounding_box()["y"]  # type: ignore[index]  # drawn
        for name in ("Lever", "Film")
    }
    hours = {
        label: page.locator(".semaine__trait").nth(rank).bounding_box()["y"]  # type: ignore[index]  # drawn
        for rank, label in enumerate(page.locator(".semaine__h").all_text_contents())
    }
    clean = {label.replace("\N{NO-BREAK SPACE}", " ").strip(): top for label, top in hours.items()}
    assert clean["6 h"] < tops["Lever"] < clean["7 h"]
    assert clean["21 h"] < tops["Film"] < clean["22 h"]
    expect(page.locator(".semaine__bande", has_text="Chez sa sœur")).to_be_visible()
    expect(page.locator(".semaine .maintenant")).to_be_visible()


@pytest.mark.parametrize("who", [ADMINISTRATOR, OFFICER])
def test_a_refusal_leaves_the_menu_and_the_way_out(filled: Scene, visit: Visit, who: str) -> None:
    page = visit(who)
    page.goto("/")
    expect(page.locator("h1")).to_contain_text("Bonjour")
    page.goto(filled.dossier("projet/"))
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    expect(page.get_by_text("n’a pas ce droit")).to_be_visible()


def test_whoever_signs_out_takes_the_drafts_away(filled: Scene, visit: Visit) -> None:
    page = visit(EDUCATOR)
    page.goto(filled.dossier())
    page.locator("#texte-note").fill("Une note commencée.")
    page.reload()
    expect(page.locator("#texte-note")).to_have_value("Une note commencée.")
    page.locator(".nav__pied button").click()
    page.wait_for_load_state()
    assert kept(page) == []


def test_the_palette_closes_with_a_finger(filled: Scene, visit: Visit) -> None:
    page = visit(LEAD, width=390)
    page.goto("/ma-journee/")
    page.locator("[data-palette]").first.click()
    expect(page.locator("#palette")).to_be_visible()
    page.locator("#palette").get_by_role("button", name="Fermer").click()
    expect(page.locator("#palette")).not_to_be_visible()


def test_offline_the_ribbon_promises_what_is_kept(filled: Scene, visit: Visit) -> None:
    page = visit(EDUCATOR)
    page.goto(filled.dossier())
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    expect(page.locator("[data-hors-ligne]")).to_contain_text("rien ne s’enregistre")
    page.context.set_offline(False)
    expect(page.locator("[data-hors-ligne]")).to_be_hidden()


def test_a_goal_says_how_many_of_its_actions_are_done(filled: Scene, visit: Visit) -> None:
    page = visit(LEAD)
    page.goto(filled.dossier("projet/"))
    for goal in page.locator(".objectif:has(.jauge)").all():
        expect(goal).to_contain_text(re.compile(r"\d actions? faites? sur \d"))
    expect(page.locator(".objectif:has(.jauge)").first).to_be_visible()
