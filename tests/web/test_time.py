"""Days and hours of a page are those of the establishment, wherever the server stands."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.agenda.models import Event
from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment, SettingValue
from jalon.staff.models import Membership, Professional
from jalon.web.areas.agenda.forms import EventForm
from tests.factories import EventFactory, HandoverNoteFactory, RecordFactory
from tests.support import SHARED, needs_shared
from tests.web.filled import filled
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


def move(story: Story, house: Establishment, zone: str) -> None:
    with tenant(story.body.pk):
        SettingValue.objects.create(establishment=house, name="time_zone", value=zone)


def week_of(client: Client, story: Story, day: str) -> str:
    address = reverse("records:agenda", args=[story.record.pk])
    return client.get(f"{address}?semaine={day}").content.decode()


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Europe/Paris", "15:30"), ("Indian/Reunion", "18:30"), ("America/Martinique", "10:30")],
)
def test_the_agenda_shows_the_hours_of_the_establishment(
    story: Story, educator: Client, zone: str, hour: str
) -> None:
    move(story, story.house, zone)
    with tenant(story.body.pk):
        EventFactory.create(
            record=story.record,
            label="Atelier conte",
            starts_at=dt.datetime(2026, 12, 8, 14, 30, tzinfo=dt.UTC),
            ends_at=dt.datetime(2026, 12, 8, 15, tzinfo=dt.UTC),
        )
    page = week_of(educator, story, "2026-12-08")
    assert "Atelier conte" in page
    assert hour in page


def test_an_hour_typed_is_the_hour_of_the_establishment(story: Story, educator: Client) -> None:
    move(story, story.house, "Indian/Reunion")
    page = reverse("records:event-add", args=[story.record.pk])
    said = {"label": "Marché", "starts_at": "2026-07-07T09:00", "ends_at": "2026-07-07T10:30"}
    educator.post(page, filled(educator, page) | said)
    with tenant(story.body.pk):
        assert Event.objects.get(label="Marché").starts_at == dt.datetime(2026, 7, 7, 5, tzinfo=dt.UTC)


def test_a_note_is_grouped_under_the_day_of_the_establishment(story: Story, educator: Client) -> None:
    """20:30 in universal time on 3 March is already 4 March in La Réunion."""
    move(story, story.house, "Indian/Reunion")
    with tenant(story.body.pk):
        written = dt.datetime(2026, 3, 3, 20, 30, tzinfo=dt.UTC)
        HandoverNoteFactory.create(record=story.record, written_at=written, text="Nuit calme d’essai.")
    address = reverse("records:summary", args=[story.record.pk])
    page = educator.get(f"{address}?nombre=500").content.decode()
    note = page.index("Nuit calme d’essai.")
    assert page.rindex("4 mars", 0, note) > page.rfind("3 mars", 0, note)


def test_a_record_of_another_house_is_read_in_its_own_time(story: Story) -> None:
    """Somebody who works in Paris and in La Réunion: each record says the hours of its own house."""
    move(story, story.other_house, "Indian/Reunion")
    account = story.hire("educator")
    with tenant(story.body.pk):
        who = Professional.objects.get(account=account)
        Membership.objects.create(
            professional=who, establishment=story.other_house, role="educator", starts_on=dt.date(2025, 1, 1)
        )
        there = RecordFactory.create(establishment=story.other_house)
        for record in (there, story.record):
            starts = dt.datetime(2026, 12, 8, 6, 30, tzinfo=dt.UTC)
            EventFactory.create(record=record, label="Deux heures", starts_at=starts, ends_at=starts)
    client = enter(account)
    hours = {}
    for record in (there, story.record):
        page = client.get(
            f"{reverse('records:agenda', args=[record.pk])}?semaine=2026-12-08"
        ).content.decode()
        hours[record.pk] = ("07:30" in page, "10:30" in page)
    assert hours == {there.pk: (False, True), story.record.pk: (True, False)}


def form(**said: Any) -> EventForm:
    filled = {"label": "Ronde de nuit", "status": "PLANIFIE", **said}
    return EventForm(filled, team=Professional.objects.none())


@needs_shared
def test_the_nights_of_the_shared_case_are_taken_or_refused_as_it_says(story: Story) -> None:
    nights = json.loads((SHARED / "cases/agenda_clock_change.json").read_text("utf-8"))
    for one in nights:
        valid = form(label=one["label"], starts_at=one["starts_at"], ends_at=one["ends_at"]).is_valid()
        assert valid is one["expected"].startswith("may be recorded"), one


def test_an_hour_that_exists_twice_is_the_first_one(story: Story) -> None:
    night = form(starts_at="2026-10-25T02:30", ends_at="2026-10-25T03:30")
    assert night.is_valid(), night.errors
    lasts = night.cleaned_data["ends_at"] - night.cleaned_data["starts_at"].astimezone(dt.UTC)
    assert lasts == dt.timedelta(hours=2)


def test_an_hour_that_the_clock_jumps_over_is_refused_in_plain_words(story: Story) -> None:
    night = form(starts_at="2027-03-28T02:30", ends_at="2027-03-28T03:30")
    said = night.errors["starts_at"][0].replace("\N{NO-BREAK SPACE}", " ")
    assert (
        said
        == "Le 28/03/2027, l’horloge avance d’une heure : 2 h 30 n’existe pas. Choisissez une autre heure."
    )
