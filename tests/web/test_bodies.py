"""Somebody of several managing bodies says which one they work for."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.staff.models import Seat
from tests.factories import MembershipFactory, ProfessionalFactory, SeatFactory
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db
CHOICE, DAY = "/organisme/", "/ma-journee/"


@pytest.fixture
def elsewhere(story: Story) -> uuid.UUID:
    """The other managing body, where our nurse works too."""
    record = story.cases["other_body"].record
    with tenant(record.managing_body_id):
        one = ProfessionalFactory.create(account=story.staff["nurse"], last_name="AILLEURS")
        MembershipFactory.create(professional=one, establishment=record.establishment, role="nurse")
    SeatFactory.create(account=story.staff["nurse"], managing_body=record.managing_body)
    return record.managing_body_id


@pytest.fixture
def nurse(story: Story, elsewhere: uuid.UUID) -> Client:
    return enter(story.staff["nurse"])


def test_nothing_is_shown_before_the_choice(story: Story, nurse: Client) -> None:
    for asked in (DAY, reverse("people:list"), reverse("records:summary", args=[story.record.pk])):
        assert nurse.get(asked)["Location"] == CHOICE
    shown = nurse.get(CHOICE).content.decode()
    assert shown.count('name="body"') == 2
    assert "ROSEAU" not in shown


def test_the_choice_opens_one_body_and_shuts_the_other(
    story: Story, nurse: Client, elsewhere: uuid.UUID
) -> None:
    there = story.cases["other_body"].record
    for body, opened, shut in ((elsewhere, there, story.record), (story.body.pk, story.record, there)):
        assert nurse.post(CHOICE, {"body": str(body)})["Location"] == DAY
        assert nurse.get(reverse("records:summary", args=[opened.pk])).status_code == 200
        assert nurse.get(reverse("records:summary", args=[shut.pk])).status_code == 403
    assert "Changer d’organisme" in nurse.get(DAY).content.decode()


def test_a_body_one_does_not_enter_cannot_be_chosen(
    story: Story, nurse: Client, elsewhere: uuid.UUID
) -> None:
    lead, other = enter(story.staff["team_lead"]), str(elsewhere)
    for client, said in ((lead, other), (nurse, str(uuid.uuid4())), (nurse, "rien"), (nurse, "")):
        assert client.post(CHOICE, {"body": said})["Location"] == CHOICE
    assert nurse.get(DAY)["Location"] == CHOICE
    shown = lead.get(DAY)
    assert shown.status_code == 200
    assert "Changer d’organisme" not in shown.content.decode()
    assert Client().get(CHOICE)["Location"] == reverse("account_login")


def test_a_seat_taken_away_ends_what_was_chosen(story: Story, nurse: Client, elsewhere: uuid.UUID) -> None:
    nurse.post(CHOICE, {"body": str(elsewhere)})
    Seat.objects.filter(account=story.staff["nurse"], managing_body=elsewhere).delete()
    assert (
        nurse.get(reverse("records:summary", args=[story.cases["other_body"].record.pk])).status_code == 403
    )
    assert nurse.get(reverse("records:summary", args=[story.record.pk])).status_code == 200
