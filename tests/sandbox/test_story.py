"""The demonstration tells one coherent story: who, where, when, and something for everybody to do."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from jalon.agenda.models import Event
from jalon.care.models import HandoverNote
from jalon.core.dates import is_adult
from jalon.db.tenant import tenant
from jalon.people.models import Contact, Vigilance
from jalon.plans.models import PersonalPlan, PlanStatus
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon.staff.rules import PERMISSIONS, Permission, Role
from jalon_sandbox.demo.build import build
from jalon_sandbox.demo.names import MEN, WOMEN
from jalon_sandbox.demo.population import HOUSES, Someone, population
from jalon_sandbox.demo.team import TEAM, Worker
from jalon_sandbox.demo.texts import NOTES, words_for
from jalon_sandbox.demo.threads import NOTES as THREADS

PARIS = ZoneInfo("Europe/Paris")
NOW = dt.datetime(2026, 11, 24, 19, 5, tzinfo=PARIS)  # a Tuesday evening
EVERYBODY = population(NOW.date())
RESIDENTS = [one for one in EVERYBODY if one.house.code in ("ehpad", "fam")]


def the(fact: str) -> Someone:
    (found,) = (one for one in EVERYBODY if fact in one.facts)
    return found


# ── people ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_day_gives_the_same_people() -> None:
    assert population(NOW.date()) == EVERYBODY
    assert len({one.traits.birth_name for one in EVERYBODY}) == len(EVERYBODY) == 60


def test_each_person_holds_together() -> None:
    for someone in EVERYBODY:
        _holds_together(someone, NOW.date())


def _holds_together(someone: Someone, today: dt.date) -> None:
    traits = someone.traits
    names = (WOMEN if traits.sex == "F" else MEN)[someone.house.generation]
    assert traits.birth_first_names in names
    assert someone.house.ages[0] <= (today - traits.birth_date).days / 365 <= someone.house.ages[1]
    assert traits.birth_date < today - dt.timedelta(days=someone.came_days_ago)
    assert {"daughter", "son"} & someone.facts if someone.house.generation == "old" else True
    kinds = {kind for kind, _ in someone.vigilances}
    assert not (someone.house.generation == "young" and kinds & {"swallowing", "fall", "runaway"})
    assert ("fall" in kinds) == ("fall" in someone.facts)


def test_nobody_comes_of_age_in_the_time_that_is_told() -> None:
    for day in (NOW.date() + dt.timedelta(days=31 * month) for month in range(12)):
        for one in population(day, 9):
            a_year_ago = day - dt.timedelta(days=365)
            assert is_adult(one.traits.birth_date, day) == is_adult(one.traits.birth_date, a_year_ago)


def test_one_person_a_room() -> None:
    rooms = Counter((one.house.code, one.room) for one in RESIDENTS)
    assert set(rooms.values()) == {1}
    assert {one.room[0] for one in RESIDENTS if one.unit in ("Glycine", "Verger")} == {"1"}
    assert [one.room for one in EVERYBODY if one not in RESIDENTS and one.room] == []


@pytest.mark.parametrize("sex", ["F", "M"])
def test_a_text_agrees_with_the_person_it_speaks_of(sex: str) -> None:
    someone = next(one for one in EVERYBODY if one.traits.sex == sex)
    texts = [note.words for notes in NOTES.values() for note in notes]
    texts += [note.words for notes in THREADS.values() for note in notes]
    said = [words_for(someone.traits, words) for words in texts]
    assert [words for words in said if re.search(r"[{}]", words)] == []
    assert words_for(someone.traits, "{il} s’est couché{e}.") == (
        "Elle s’est couchée." if sex == "F" else "Il s’est couché."
    )


# ── days ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def whole_story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole story, once for these tests; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        body = build(EVERYBODY, NOW, lambda _: None)
        with tenant(body.pk):
            yield
        transaction.set_rollback(True)


@pytest.fixture
def told(whole_story: None, db: None) -> None:
    """Inside the story."""


def record_of(someone: Someone) -> Record:
    return Record.objects.get(person__birth_name=someone.traits.birth_name)


def test_notes_are_written_at_hours_that_suit_what_they_say(told: None) -> None:
    hours = [(note.title.split("{")[0], note.hours) for notes in NOTES.values() for note in notes]
    rows = HandoverNote.objects.values_list("title", "written_at")
    assert rows.count() > 3000
    for title, written_at in rows:
        at = written_at.astimezone(PARIS)
        assert written_at <= NOW
        fitting = [span for start, span in hours if title.startswith(start)]
        assert not fitting or any(first <= at.hour < last for first, last in fitting), (title, at)
        assert 6 <= at.hour < 22


def test_a_note_never_speaks_of_what_the_person_has_not(told: None) -> None:
    needed = {note.title: note.fact for notes in NOTES.values() for note in notes if note.fact}
    facts = {one.traits.birth_name: one.facts for one in EVERYBODY}
    rows = HandoverNote.objects.filter(title__in=needed).values_list("title", "record__person__birth_name")
    assert rows
    assert [(title, name) for title, name in rows if needed[title] not in facts[name]] == []


def test_nobody_is_in_two_places_at_once(told: None) -> None:
    days = defaultdict(list)
    for record, start, end, label in Event.objects.values_list("record", "starts_at", "ends_at", "label"):
        days[record].append((start, end, label))
    for events in days.values():
        events.sort()
        assert [(a, b) for a, b in zip(events, events[1:], strict=False) if b[0] < a[1]] == []


def test_the_houses_of_children_rest_at_the_week_end(told: None) -> None:
    young = Event.objects.filter(record__establishment__category__in=["183", "182"])
    assert young
    assert not young.filter(starts_at__iso_week_day__in=[6, 7])
    assert Event.objects.filter(starts_at__iso_week_day__in=[6, 7])


def test_what_is_over_was_done_and_the_rest_is_planned(told: None) -> None:
    assert not Event.objects.filter(ends_at__lte=NOW).exclude(status="TERMINE")
    assert not Event.objects.filter(ends_at__gt=NOW).exclude(status="PLANIFIE")


# ── the two threads ────────────────────────────────────────────────────────────────────────────────────────


def test_a_fall_is_told_followed_and_known_of_everybody(told: None) -> None:
    record = record_of(the("fall"))
    since = NOW - dt.timedelta(days=3)
    titles = list(
        record.notes.filter(written_at__gt=since, title__in=[one.title for one in THREADS["fall"]])
        .order_by("written_at").values_list("title", flat=True)
    )  # fmt: skip
    assert titles == [one.title for one in THREADS["fall"]]
    assert titles.index("Famille prévenue") < titles.index("Visite après la chute")
    fall = record.notes.get(title="Chute près du lit")
    assert (fall.family, fall.important, fall.author.job) == ("evt", True, "aide-soignant de nuit")
    assert Contact.objects.get(person=record.person).relation == "DAUC"
    assert Vigilance.objects.filter(person=record.person, kind="fall").exists()
    ahead = record.agenda_events.filter(label__contains="chute", starts_at__gt=NOW)
    assert [event.label for event in ahead] == ["Point d’équipe sur les chutes"]


def test_a_project_comes_near_its_review_and_the_review_is_prepared(told: None) -> None:
    record = record_of(the("review"))
    plan = PersonalPlan.objects.get(record=record)
    assert plan.status == PlanStatus.RUNNING
    assert plan.review_on is not None
    assert 0 < (plan.review_on - NOW.date()).days <= 30
    meeting = record.agenda_events.get(label="Bilan du projet personnalisé")
    assert NOW < meeting.starts_at < dt.datetime.combine(plan.review_on, dt.time(), PARIS)
    late = PersonalPlan.objects.filter(review_on__lt=NOW.date() + dt.timedelta(days=60))
    assert [one.pk for one in late] == [plan.pk]


# ── something for each ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("worker", TEAM, ids=lambda one: one.email.partition("@")[0])
def test_each_finds_somebody_to_accompany_and_news_of_the_day(told: None, worker: Worker) -> None:
    account = Professional.objects.get(account__email=worker.email)
    may = PERMISSIONS[Role(worker.role)]
    houses = account.memberships.values("establishment")
    here = Record.objects.filter(establishment__in=houses)
    if worker.unit:
        here = here.filter(unit__name=worker.unit)
    if Permission.LIST_RECORDS in may:
        assert here.exists()
    if Permission.READ_NOTES in may:
        assert HandoverNote.objects.filter(record__in=here, written_at__date=NOW.date()).exists()
    if Permission.READ_AGENDA in may:
        assert Event.objects.filter(record__in=here, starts_at__date=NOW.date()).exists()


def test_every_house_has_its_own_generation_and_team() -> None:
    for house in HOUSES:
        assert any(house.code in worker.houses and worker.role == "team_lead" for worker in TEAM)
