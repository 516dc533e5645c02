"""Back, an answer lost on the way, two taps: a form sent again is the same act."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.exchange.models import Delivery
from jalon.people.models import Person
from jalon.web.gate import ALREADY
from tests.support import SHARED, needs_shared
from tests.web.filled import filled, sent_by
from tests.web.story import Story, enter

ODD = pytest.mark.urls("tests.web.odd_urls")
EVENT = {"label": "Sortie d’essai", "starts_at": "2026-11-23T10:00", "ends_at": "2026-11-23T11:00"}


def key_of(client: Client, url: str) -> dict[str, str]:
    """What every form of this page carries."""
    page = client.get(url).content.decode()
    found = re.search(r'name="envoi" value="(\w{32})"', page)
    assert found, url
    return {"envoi": found[1]}


def pages(story: Story) -> dict[str, tuple[str, str, dict[str, Any], Callable[[], int]]]:
    """Name → the page, where it sends, what is typed, and how many rows there are of what it makes."""
    record = story.record
    return {
        "a note": (
            reverse("records:summary", args=[record.pk]),
            reverse("records:note", args=[record.pk]),
            {"famille": "vie", "texte": "A bien dormi."},
            record.notes.count,
        ),
        "an event": (
            *[reverse("records:event-add", args=[record.pk])] * 2,
            EVENT,
            record.agenda_events.count,
        ),
        "a contact": (
            *[reverse("records:contact-add", args=[record.pk])] * 2,
            {"last_name": "PROCHE-FICTIF"},
            record.person.contacts.count,
        ),
        "a signature": (
            reverse("records:plan", args=[record.pk]),
            reverse("records:plan-sign", args=[record.pk]),
            {},
            lambda: record.plans.get().versions.count() + record.documents.count(),
        ),
    }


@pytest.mark.parametrize("name", ["a note", "an event", "a contact", "a signature"])
def test_a_form_sent_twice_is_one_act_and_leads_to_the_same_place(
    story: Story, lead: Client, name: str
) -> None:
    page, url, typed, rows = pages(story)[name]
    sent = (filled(lead, page) if page == url else key_of(lead, page)) | typed
    first = lead.post(url, sent)
    with tenant(story.body.pk):
        after, entries, deliveries = rows(), Entry.objects.count(), Delivery.objects.count()
    second = lead.post(url, sent, follow=True)
    assert first.status_code == 302
    assert second.redirect_chain == [(first["Location"], 302)]
    assert ALREADY in second.content.decode()
    with tenant(story.body.pk):
        assert (rows(), Entry.objects.count(), Delivery.objects.count()) == (after, entries, deliveries)


def test_the_same_person_welcomed_twice_by_one_form_is_one_and_the_page_is_theirs(story: Story) -> None:
    client, url = enter(story.staff["secretary"]), reverse("people:new")
    typed = {"birth_name": "ARBRE-FICTIF", "first_name": "Ada", "sex": "F", "birth_date": "03/02/1990"}
    asked = {name: typed[name] for name in ("birth_name", "first_name", "birth_date")}
    searched = client.post(url, filled(client, url) | asked)
    sent = sent_by(searched) | typed | {"starts_on": "2026-11-20"}
    first, second = client.post(url, sent), client.post(url, sent)
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    with tenant(story.body.pk):
        assert Person.objects.filter(birth_name="ARBRE-FICTIF").count() == 1


@needs_shared
def test_the_case_of_a_note_an_event_and_a_contact_sent_twice_is_one_of_each(
    story: Story, lead: Client
) -> None:
    told = (SHARED / "cases/note_twice.txt").read_text("utf-8")
    assert "Expected: one." in told
    for name, asked in (
        ("a note", "POST noter/"),
        ("an event", "agenda/ajouter/"),
        ("a contact", "entourage/ajouter/"),
    ):
        page, url, typed, rows = pages(story)[name]
        assert asked in told
        sent = (filled(lead, page) if page == url else key_of(lead, page)) | typed
        with tenant(story.body.pk):
            before = rows()
        for _ in range(2):
            assert lead.post(url, sent).status_code == 302
        with tenant(story.body.pk):
            assert rows() == before + 1, name


def test_whoever_goes_back_and_writes_something_else_acts_a_second_time(story: Story, lead: Client) -> None:
    page, url, typed, _ = pages(story)["a note"]
    sent = key_of(lead, page) | typed
    for text in ("A bien dormi.", "A mal dormi.", "A mal dormi."):
        lead.post(url, sent | {"texte": text})
    with tenant(story.body.pk):
        written = story.record.notes.filter(text__endswith="dormi.").order_by("pk")
        assert [note.text for note in written] == ["A bien dormi.", "A mal dormi."]


def test_a_form_that_was_refused_may_be_sent_again_with_what_was_missing(story: Story, lead: Client) -> None:
    page, url, typed, _ = pages(story)["a note"]
    sent = key_of(lead, page) | typed
    assert "La note est vide" in lead.post(url, sent | {"texte": " "}, follow=True).content.decode()
    assert "La note est vide" in lead.post(url, sent | {"texte": " "}, follow=True).content.decode()
    assert "Publié." in lead.post(url, sent, follow=True).content.decode()


def test_each_page_draws_a_key_of_its_own(story: Story, lead: Client) -> None:
    url = reverse("records:contact-add", args=[story.record.pk])
    assert key_of(lead, url) != key_of(lead, url)
