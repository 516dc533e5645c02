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
from tests.browser.scene import LEAD, Scene

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
