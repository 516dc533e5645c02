"""What the screens show: the thread by pages, the week side by side, the day and its « now », the search."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from jalon.core.moment import Moment
from jalon.db.tenant import tenant
from jalon.web.shown.week import LANES, by_person, week
from tests.factories import NOW, EventFactory, HandoverNoteFactory, PersonFactory, RecordFactory
from tests.web.filled import filled
from tests.web.story import Story, enter

HOUR = dt.timedelta(hours=1)


def text(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


# ── The thread ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_thread_comes_by_pages_and_none_is_lost(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        for rank in range(60):
            HandoverNoteFactory.create(
                record=story.record, written_at=NOW - rank * HOUR, text=f"Note numéro {rank:02}."
            )
    address = reverse("records:summary", args=[story.record.pk])
    seen = []
    while True:
        page = text(educator, address)
        seen.append(len(set(re.findall(r"Note numéro \d\d", page))))
        older = re.search(r'href="([^"#]*nombre=\d+[^"#]*)#j(\d{4}-\d\d-\d\d)"', page)
        if not older:
            break
        assert f'id="j{older[2]}"' in page
        address = older[1].replace("&amp;", "&")
    assert seen == sorted(seen)
    assert seen[0] < 30
    assert seen[-1] == 60


@pytest.mark.parametrize("asked", ["-5", "0", "99999999999999", "²", "zz", ""])
def test_an_odd_number_of_notes_shows_a_page(story: Story, educator: Client, asked: str) -> None:
    address = reverse("records:summary", args=[story.record.pk])
    assert "atelier cuisine" in text(educator, address, nombre=asked)


def test_a_family_filters_the_thread(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        HandoverNoteFactory.create(record=story.record, written_at=NOW, family="emo", text="A souri.")
    address = reverse("records:summary", args=[story.record.pk])
    page = text(educator, address, famille="emo")
    assert "A souri." in page
    assert "atelier cuisine" not in page


# ── The week ──────────────────────────────────────────────────────────────────────────────────────────────


def shown(story: Story, *events: tuple[int, int]) -> list[dict[str, Any]]:
    """The week with events at these hours (start, length), as placed on the grid."""
    monday = NOW.replace(hour=7, minute=0) + dt.timedelta(days=1)
    with tenant(story.body.pk):
        record = RecordFactory.create(establishment=story.house)
        for start, length in events:
            EventFactory.create(
                record=record, starts_at=monday + start * HOUR, ends_at=monday + (start + length) * HOUR
            )

        class Asked:
            GET = {"semaine": "2026-11-23"}
            moment = Moment(NOW)
            today = moment.today

        return list(week(Asked, [record.pk])["grid"])  # type: ignore[arg-type]  # all it reads of a request


@pytest.mark.parametrize(
    ("events", "lanes"),
    [
        ([(1, 1), (2, 1)], [(0, 1), (0, 1)]),
        ([(1, 2), (2, 2)], [(0, 2), (1, 2)]),
        ([(1, 4), (2, 1), (3, 1)], [(0, 2), (1, 2), (1, 2)]),
        ([(1, 1), (1, 1), (1, 1), (4, 1)], [(0, 3), (1, 3), (2, 3), (0, 1)]),
    ],
)
def test_events_that_overlap_stand_side_by_side(
    story: Story, events: list[tuple[int, int]], lanes: list[tuple[int, int]]
) -> None:
    assert [(event["lane"], event["lanes"]) for event in shown(story, *events)] == lanes


def test_many_events_at_once_share_the_last_lane(story: Story) -> None:
    found = shown(story, *[(1, 1)] * 6)
    assert max(event["lane"] for event in found) == LANES - 1
    assert {event["lanes"] for event in found} == {LANES}


def test_the_week_of_a_place_has_a_line_for_everyone_even_without_event(
    story: Story, educator: Client
) -> None:
    with tenant(story.body.pk):
        idle = RecordFactory.create(establishment=story.house, unit=story.unit)
    page = text(educator, reverse("agenda:week"))
    assert page.count('<th scope="row">') == 2
    assert idle.person.birth_name in page
    assert "Atelier d’essai" in page


def test_a_line_of_the_week_holds_the_events_of_its_person_only(story: Story) -> None:
    one, other = RecordFactory.build(), RecordFactory.build()
    events = [{"record_id": one.pk, "column": 3}, {"record_id": other.pk, "column": 3}]
    first, second = by_person(events, [one, other])
    assert first["days"][2] == events[:1]
    assert second["days"][2] == events[1:]


# ── The day ───────────────────────────────────────────────────────────────────────────────────────────────


def test_now_stands_between_what_has_begun_and_what_comes(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        for label, start in (("Commencé", NOW + HOUR), ("À venir", NOW + 4 * HOUR)):
            EventFactory.create(record=story.record, label=label, starts_at=start, ends_at=start + 2 * HOUR)
    for address in (reverse("home:day"), reverse("records:summary", args=[story.record.pk])):
        page = text(educator, address)
        places = [page.index(word) for word in ("<b>Commencé</b>", 'class="jour__now"', "<b>À venir</b>")]
        assert places == sorted(places)


# ── The search ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["roseau", "ROS fict", "fictive roseau", "Roseau 17/05/1951"])
def test_a_person_is_found_by_what_people_type(story: Story, educator: Client, words: str) -> None:
    with tenant(story.body.pk):
        story.record.person.birth_date = dt.date(1951, 5, 17)
        story.record.person.save()
    for name in ("people:list", "people:search"):
        assert "ROSEAU" in text(educator, reverse(name), q=words)


def test_a_person_is_found_by_a_whole_ins(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        ins = story.record.person.ins
    spaced = f"{ins[0]} {ins[1:3]} {ins[3:5]} {ins[5:7]} {ins[7:10]} {ins[10:13]} {ins[13:]}"
    assert "ROSEAU" in text(educator, reverse("people:search"), q=spaced)
    assert "ROSEAU" not in text(educator, reverse("people:search"), q=ins[:10])


def test_a_search_finds_nobody_of_a_place_that_is_closed_to_me(story: Story, educator: Client) -> None:
    for name in ("saule", "tremble", "érable"):
        assert "records" not in text(educator, reverse("people:search"), q=name)
        page = text(educator, reverse("people:list"), q=name)
        assert "Personne ne correspond" in page


def test_the_name_in_use_is_what_people_read(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        person = PersonFactory.create(birth_name="SAPIN", first_name="Anne", used_name="HOUX")
        RecordFactory.create(person=person, establishment=story.house, unit=story.unit)
    page = text(educator, reverse("people:list"))
    assert "Anne HOUX" in page
    assert "Anne SAPIN" not in page


# ── Two windows ───────────────────────────────────────────────────────────────────────────────────────────


def test_of_two_windows_the_second_to_save_is_told_and_loses_nothing(story: Story) -> None:
    clerk = enter(story.staff["secretary"])
    page = reverse("records:person-edit", args=[story.record.pk])
    first, second = filled(clerk, page), filled(clerk, page)
    assert clerk.post(page, first | {"phone": "01 99 00 00 01"}).status_code == 302
    answer = clerk.post(page, second | {"city": "Brest"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "a modifié cette page depuis que vous l’avez ouverte" in said
    assert 'value="Brest"' in said
    with tenant(story.body.pk):
        story.record.person.refresh_from_db()
        assert (story.record.person.phone, story.record.person.city) != ("", "Brest")
    again = html.fromstring(said).xpath('//input[@name="vu"]')[0].value
    assert clerk.post(page, second | {"city": "Brest", "vu": again, "phone": "02"}).status_code == 302
    with tenant(story.body.pk):
        story.record.person.refresh_from_db()
        assert (story.record.person.phone, story.record.person.city) == ("02", "Brest")
