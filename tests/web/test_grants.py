"""A record opened to somebody for a time, on screen: read as their function says, taken back at once."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.records.models import AccessGrant
from jalon.staff.models import Professional
from jalon.staff.rules import Role
from tests.factories import NOW
from tests.web.filled import filled
from tests.web.story import SECRET, Story, enter

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def stranger(story: Story) -> Any:
    """An educator of another house."""
    return story.hire(Role.EDUCATOR, story.other_house)


def at(story: Story, name: str = "summary") -> str:
    return reverse(f"records:{name}", args=[story.record.pk])


def give(client: Client, story: Story, to: Any, **said: Any) -> Any:
    with tenant(story.body.pk):
        named = str(Professional.objects.get(account=to).pk)
    sent = filled(client, at(story, "grant")) | {"to": named, "reason": "Remplacement d’une nuit."} | said
    return client.post(at(story, "grant"), sent, follow=True)


def test_a_record_opened_to_somebody_is_read_as_their_function_says_and_taken_back_at_once(
    story: Story, lead: Client, stranger: Any
) -> None:
    other = enter(stranger)
    assert other.get(at(story)).status_code == 403
    listed = give(lead, story, stranger).content.decode()
    assert "Remplacement d’une nuit." in listed
    page = other.get(at(story)).content.decode()
    assert "Fil de" in page
    assert SECRET not in page, "an educator reads no note of health by a grant either"
    with tenant(story.body.pk):
        given = AccessGrant.objects.get(until=None)
    lead.post(at(story, "grant-end"), {"habilitation": str(given.pk)})
    assert other.get(at(story)).status_code == 403
    with tenant(story.body.pk):
        acts = Entry.objects.filter(object_id=story.record.pk, action__startswith="records.grant")
        assert list(acts.order_by("pk").values_list("action", flat=True)) == [
            "records.granted", "records.grant_ended",
        ]  # fmt: skip


def test_it_is_open_on_the_days_that_were_said(story: Story, lead: Client, stranger: Any) -> None:
    give(lead, story, stranger, starts_on=str(TODAY + DAY), ends_on=str(TODAY + 2 * DAY))
    assert enter(stranger).get(at(story)).status_code == 403


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"reason": ""}, "Pourquoi"),
        ({"ends_on": str(TODAY - DAY)}, "La fin est avant le début"),
        ({"ends_on": str(TODAY + 93 * DAY)}, "trois mois au plus"),
    ],
)
def test_what_is_not_a_reasoned_and_short_opening_is_refused(
    story: Story, lead: Client, stranger: Any, said: dict[str, str], refusal: str
) -> None:
    answer = give(lead, story, stranger, **said)
    assert answer.status_code == 422
    assert refusal in answer.content.decode()
    with tenant(story.body.pk):
        assert not AccessGrant.objects.filter(until=None).exists()


def test_nobody_opens_a_record_to_themselves(story: Story, lead: Client) -> None:
    answer = give(lead, story, story.staff["team_lead"])
    assert "Nul ne s’ouvre un dossier à soi-même" in answer.content.decode()
    with tenant(story.body.pk):
        assert not AccessGrant.objects.filter(until=None).exists()


def test_whoever_keeps_the_accounts_opens_no_record_and_is_not_offered(story: Story, lead: Client) -> None:
    with tenant(story.body.pk):
        keeper = Professional.objects.get(account=story.staff["administrator"])
    assert str(keeper.pk) not in lead.get(at(story, "grant")).content.decode()
    assert give(lead, story, story.staff["administrator"]).status_code == 422
