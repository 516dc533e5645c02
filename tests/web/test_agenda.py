"""The agenda says what is under way, on each of its days, at its hour."""

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from jalon.agenda.actions import plan_event
from jalon.agenda.models import Event
from jalon.core.moment import Moment
from jalon.db.tenant import tenant
from jalon.web.shown.week import CLOSES, OPENS, week
from tests.factories import NOW, EventFactory, RecordFactory
from tests.support import SHARED, needs_shared
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def planned(story: Story, label: str, starts: str, ends: str) -> Event:
    with tenant(story.body.pk):
        return plan_event(record=story.record, label=label, starts_at=at(starts), ends_at=at(ends), by=None)


def week_of(story: Story, day: str, now: dt.datetime = NOW) -> dict[str, Any]:
    """The week of the record, as the page draws it."""
    moment = Moment(now, PARIS)
    asked = SimpleNamespace(GET={"semaine": day}, moment=moment, today=moment.today)
    with tenant(story.body.pk):
        return week(asked, [story.record.pk])  # type: ignore[arg-type]  # all it reads of a request


def columns(found: dict[str, Any], label: str) -> list[int]:
    return [event["column"] for event in found["events"] if event["label"] == label]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


@needs_shared
def test_what_goes_on_shows_in_both_weeks_and_on_each_of_its_days(story: Story) -> None:
    night, holiday = json.loads((SHARED / "cases/agenda_ongoing_events.json").read_text("utf-8"))
    for one in (night, holiday):
        planned(story, one["label"], one["starts_at"], one["ends_at"])
    first, second = week_of(story, "2027-03-01"), week_of(story, "2027-03-08")
    assert (columns(first, night["label"]), columns(second, night["label"])) == ([7], [1])
    assert (columns(first, holiday["label"]), columns(second, holiday["label"])) == (
        [5, 6, 7],
        [1, 2, 3, 4, 5],
    )
    assert [(band["column"], band["span"]) for band in first["bands"] + second["bands"]] == [(5, 3), (1, 5)]
    for day in range(5, 13):
        with time_machine.travel(at(f"2027-03-{day:02}T12:00")):
            for page in (reverse("home:day"), reverse("records:summary", args=[story.record.pk])):
                assert holiday["label"] in text(enter(story.staff["educator"]), page), (day, page)


def test_a_stay_in_hospital_since_yesterday_is_said_today_with_its_bounds(
    story: Story, educator: Client
) -> None:
    """A sister of the holiday: it has begun before the page and ends after it."""
    planned(story, "Hospitalisation", "2026-11-20T14:00", "2026-12-20T09:00")
    page = html.fromstring(text(educator, reverse("records:summary", args=[story.record.pk])))
    (line,) = page.xpath('//div[@class="jour__l"][.//b="Hospitalisation"]')
    said = line.text_content().replace("\N{NO-BREAK SPACE}", " ")
    assert "suite" in said
    assert "du vendredi 20 novembre à 14 h au dimanche 20 décembre à 9 h" in said
    assert "Hospitalisation" in text(educator, reverse("agenda:week"))


@needs_shared
def test_ma_journee_shows_fifty_events_of_one_day(story: Story, educator: Client) -> None:
    assert (SHARED / "cases/agenda_busy_day.txt").read_text("utf-8").startswith("Fifty events on one day")
    six = NOW.astimezone(PARIS).replace(hour=6, minute=0)
    with tenant(story.body.pk):
        people = RecordFactory.create_batch(15, establishment=story.house, unit=story.unit)
        for rank in range(50):
            starts = six + dt.timedelta(minutes=15 * rank)
            EventFactory.create(
                record=people[rank % 15],
                label=f"Rendez-vous {rank:02}.",
                starts_at=starts,
                ends_at=starts + dt.timedelta(minutes=15),
            )
    page = text(educator, reverse("home:day"))
    assert [rank for rank in range(50) if f"Rendez-vous {rank:02}." not in page] == []


@pytest.mark.parametrize(
    ("starts", "ends", "row", "length"),
    [
        ("06:30", "07:00", 26, 2),
        ("07:00", "07:45", 28, 3),
        ("21:30", "23:00", 86, 6),
        ("09:00", "19:00", 36, 40),
        ("23:50", "23:59", 94, 2),
    ],
)
def test_an_event_is_drawn_at_its_hour_for_as_long_as_it_lasts(
    story: Story, starts: str, ends: str, row: int, length: int
) -> None:
    planned(story, "Au foyer", f"2026-12-08T{starts}", f"2026-12-08T{ends}")
    (event,) = week_of(story, "2026-12-08")["grid"]
    assert (event["row"], event["length"]) == (row, length)


@pytest.mark.parametrize(
    ("hours", "early", "late"),
    [
        (("09:00", "10:00"), False, False),
        (("06:45", "07:15"), True, False),
        (("21:30", "22:30"), False, True),
    ],
)
def test_the_night_is_folded_only_when_nothing_happens_in_it(
    story: Story, hours: tuple[str, str], early: bool, late: bool
) -> None:
    planned(story, "Au foyer", *(f"2026-12-08T{hour}" for hour in hours))
    found = week_of(story, "2026-12-08")
    assert (found["early"], found["late"]) == (early, late)
    rows = [hour["row"] for hour in found["hours"]]
    assert (4 in rows) == early
    assert (23 * 4 in rows) == late
    assert {OPENS * 4, CLOSES * 4} <= set(rows)


def test_a_night_is_drawn_in_two_and_its_second_part_says_until_when(story: Story, educator: Client) -> None:
    planned(story, "Nuit en répit", "2026-12-08T22:00", "2026-12-09T06:00")
    found = week_of(story, "2026-12-08")
    assert [(one["column"], one["row"], one["length"]) for one in found["grid"]] == [(2, 88, 8), (3, 0, 24)]
    assert found["bands"] == []
    address = reverse("records:agenda", args=[story.record.pk]) + "?semaine=2026-12-08"
    assert "jusqu’à 6\N{NO-BREAK SPACE}h" in text(educator, address)


def test_now_is_drawn_in_its_week_only_and_a_sunday_is_today_too(story: Story) -> None:
    sunday = at("2026-11-29T15:05")
    assert week_of(story, "2026-11-23", sunday)["now"] == {"column": 7, "row": 60, "at": sunday}
    assert week_of(story, "2026-11-30", sunday)["now"] is None
    with time_machine.travel(sunday):
        educator = enter(story.staff["educator"])
        page = html.fromstring(text(educator, reverse("records:agenda", args=[story.record.pk])))
    assert page.xpath('//div[contains(@class, "semaine__col") and contains(@class, " auj")]/@class') == [
        "semaine__col j7 auj we"
    ]


def test_on_a_telephone_the_week_opens_on_today(story: Story) -> None:
    planned(story, "Lundi", "2026-11-23T10:00", "2026-11-23T11:00")
    planned(story, "Vendredi", "2026-11-27T10:00", "2026-11-27T11:00")
    address = reverse("records:agenda", args=[story.record.pk])
    with time_machine.travel(at("2026-11-26T08:00")):
        page = html.fromstring(text(enter(story.staff["educator"]), address))
    (days,) = page.xpath('//div[@class="agenda-liste"]')
    assert [title.text_content() for title in days.xpath("./h3")] == [
        "Jeudi 26 novembre aujourd’hui",
        "Vendredi 27 novembre",
    ]
    assert days.xpath("./details//b/text() | ./details//b/a/text()")[0] == "Lundi"


def test_two_people_of_one_first_name_are_told_apart(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        for name, first in (("AUBIER", "Louise"), ("ORME", "Louise"), ("PIN", "Zoé")):
            record = RecordFactory.create(
                establishment=story.house, unit=story.unit, person__birth_name=name, person__first_name=first
            )
            EventFactory.create(record=record, label="Piscine", starts_at=NOW, ends_at=NOW)
    page = html.fromstring(text(educator, reverse("home:day")))
    said = {
        line.text_content() for line in page.xpath('//div[contains(@class, "jour__l")]//span[@class="mini"]')
    }
    assert {"Louise AUBIER", "Louise ORME", "Zoé"} <= {one.split(",")[0] for one in said}
