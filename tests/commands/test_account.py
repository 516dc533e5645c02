"""`jalon account`: what becomes of an account, by whoever keeps the machine."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.staff.models import Account
from tests.commands.conftest import Jalon
from tests.factories import NOW
from tests.web.story import Story, enter, write_story

pytestmark = pytest.mark.django_db
DAY = "/ma-journee/"


@pytest.fixture
def story(db: None, settings: Settings) -> Iterator[Story]:
    settings.WHITENOISE_AUTOREFRESH = True
    with time_machine.travel(NOW, tick=True):
        yield write_story(NOW)


@pytest.fixture
def nurse(story: Story) -> Account:
    return story.staff["nurse"]


def lives(client: Client) -> bool:
    return client.get(DAY).status_code == 200


def test_a_departure_ends_the_sessions_at_their_next_page(story: Story, nurse: Account, jalon: Jalon) -> None:
    here, there = enter(nurse), enter(nurse)
    assert lives(here)
    assert lives(there)
    done = jalon("account", "leave", nurse.email, "--body", story.body.finess, "--json")
    assert (done.code, done.json["account_closed"]) == (0, True)
    assert not lives(here)
    assert not lives(there)
    told = jalon("account", "show", nurse.email, "--body", story.body.finess, "--json").json
    assert not told["open"]
    assert [row["to"] for row in told["memberships"]] == ["2026-11-22"]
    again = jalon("account", "leave", nurse.email, "--body", story.body.finess)
    assert (again.code, again.err) == (1, "Cette personne est déjà partie.\n")
    with tenant(story.body.pk):
        assert Entry.objects.get(action="staff.left").professional is None


def test_a_function_changes_and_ends_on_the_days_said(story: Story, nurse: Account, jalon: Jalon) -> None:
    named = ("--body", story.body.finess, "--json")
    new = jalon("account", "change", nurse.email, "--to", "team_lead", "--since", "2026-12-01", *named).json
    assert (new["role"], new["from"], new["unit"]) == ("team_lead", "2026-12-01", None)
    ended = jalon("account", "end", nurse.email, "--role", "team_lead", "--on", "2027-03-31", *named).json
    assert ended["to"] == "2027-03-31"
    rows = jalon("account", "show", nurse.email, *named).json["memberships"]
    assert [(row["role"], row["to"]) for row in rows] == [
        ("nurse", "2026-11-30"),
        ("team_lead", "2027-03-31"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("leave", "personne@jalon.example"), "Vérifiez l’adresse"),
        (("end", "{nurse}", "--on", "2020-01-01"), "avant le premier"),
        (("end", "{nurse}", "--on", "2027-01-01", "--role", "director"), "Aucune affectation"),
        (("change", "{nurse}", "--to", "root", "--since", "2026-12-01"), "n’existe pas"),
        (("change", "{nurse}", "--to", "nurse", "--since", "2026-12-01", "--unit", "Verte"), "unité"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    story: Story, nurse: Account, jalon: Jalon, words: tuple[str, ...], said: str
) -> None:
    done = jalon("account", *(one.format(nurse=nurse.email) for one in words), "--body", story.body.finess)
    assert done.code == 1
    assert said in done.err


def test_nobody_of_another_managing_body_is_reached(story: Story, nurse: Account, jalon: Jalon) -> None:
    other = story.cases["other_body"].record.managing_body
    done = jalon("account", "leave", nurse.email, "--body", other.finess)
    assert (done.code, "n’est celui de personne ici" in done.err) == (1, True)
    assert lives(enter(nurse))
