"""A record asked for and answered, or opened in an emergency and reviewed: what is refused, what is kept."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.core.moment import Moment
from jalon.organizations.models import ManagingBody, SettingValue
from jalon.records import openings
from jalon.records.actions import end_grant
from jalon.records.asked import to_answer
from jalon.records.models import AccessGrant, AccessRequest, EmergencyReview, Record
from jalon.records.waits import Wait, Waits, waits
from jalon.staff.queries import Actor
from jalon.staff.rules import Role
from tests.factories import (
    NOW,
    TODAY,
    AccessGrantFactory,
    ProfessionalFactory,
    RecordFactory,
    actor,
)
from tests.records.factories import AccessRequestFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def record(body: ManagingBody) -> Record:
    return RecordFactory.create()


@pytest.fixture
def lead(record: Record) -> Actor:
    return actor(Role.TEAM_LEAD, establishment=record.establishment)


@pytest.fixture
def nurse(record: Record) -> Actor:
    """Of another house."""
    return actor(Role.NURSE)


def ask(record_id: uuid.UUID, by: Actor, **said: Any) -> AccessRequest:
    return openings.ask(
        record_id=record_id, actor=by, **{"reason": "Je la remplace.", "days": 7, "now": NOW} | said
    )


def broken(record_id: uuid.UUID, by: Actor, reason: str = "Malaise.") -> AccessGrant:
    return openings.break_glass(record_id=record_id, actor=by, reason=reason, now=NOW)


def refused(code: str) -> Any:
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def waiting(actor: Actor, kind: Wait, *, now: dt.datetime = NOW) -> list[Waits]:
    """What « Ma journée » says to them."""
    return [one for one in waits(actor, (), now=now, today=TODAY) if one.kind == kind]


def acts() -> list[str]:
    return list(
        Entry.objects.filter(action__startswith="records.").order_by("pk").values_list("action", flat=True)
    )


def test_a_request_waits_for_whoever_keeps_the_door_and_opens_the_record_for_its_days(
    record: Record, lead: Actor, nurse: Actor
) -> None:
    asked = ask(record.pk, nurse)
    assert list(to_answer(lead, TODAY)) == [asked]
    (told,) = waiting(lead, Wait.REQUEST)
    assert (told.id, told.words, told.who) == (asked.pk, "Je la remplace.", str(nurse.professional))
    given = openings.accept(asked=asked, record=record, moment=Moment(NOW), by=lead.professional)
    assert (given.starts_on, given.ends_on, given.reason) == (TODAY, TODAY + 6 * DAY, "Je la remplace.")
    assert record in Record.objects.visible_to(nurse, today=TODAY + 6 * DAY)
    assert record not in Record.objects.visible_to(nurse, today=TODAY + 7 * DAY)
    assert [(one.given, one.record_id) for one in waiting(nurse, Wait.ANSWER)] == [(True, record.pk)]
    assert not to_answer(lead, TODAY).exists()
    assert waiting(lead, Wait.REQUEST) == []
    assert acts() == ["records.access_asked", "records.granted"]


def test_a_refusal_is_told_to_whoever_asked_with_its_reason(
    record: Record, lead: Actor, nurse: Actor
) -> None:
    asked = ask(record.pk, nurse)
    with refused("refusal_without_reason"):
        openings.refuse(asked=asked, answer=" ", now=NOW, by=lead.professional)
    openings.refuse(asked=asked, answer="L’équipe est au complet.", now=NOW, by=lead.professional)
    (told,) = waiting(nurse, Wait.ANSWER)
    said = ("L’équipe est au complet.", str(lead.professional))
    assert (told.given, told.words, told.who) == (False, *said)
    assert record not in Record.objects.visible_to(nurse, today=TODAY)
    assert waiting(nurse, Wait.ANSWER, now=NOW + 4 * DAY) == []


def test_a_record_of_nobody_is_asked_for_as_any_other_and_waits_for_nobody(lead: Actor, nurse: Actor) -> None:
    asked = ask(uuid.uuid4(), nurse)
    assert not to_answer(lead, TODAY).exists()
    assert waiting(lead, Wait.REQUEST) == []
    assert Entry.objects.get(action="records.access_asked").object_id == asked.record_id


def test_a_request_is_made_once_with_a_reason_of_what_is_not_open(
    record: Record, lead: Actor, nurse: Actor
) -> None:
    for code, said in (("request_without_reason", {"reason": " "}), ("unknown_duration", {"days": 4000})):
        with refused(code):
            ask(record.pk, nurse, **said)
    with refused("already_open"):
        ask(record.pk, lead)
    ask(record.pk, nurse)
    with refused("already_asked"):
        ask(record.pk, nurse)


def test_a_request_is_answered_once_by_another(record: Record, lead: Actor, nurse: Actor) -> None:
    mine = AccessRequestFactory.create(record_id=record.pk, professional=lead.professional)
    with refused("answer_to_oneself"):
        openings.accept(asked=mine, record=record, moment=Moment(NOW), by=lead.professional)
    asked = ask(record.pk, nurse)
    openings.refuse(asked=asked, answer="Non.", now=NOW, by=lead.professional)
    with refused("already_answered"):
        openings.accept(asked=asked, record=record, moment=Moment(NOW), by=ProfessionalFactory.create())
    assert not AccessGrant.objects.exists()
    with pytest.raises(IntegrityError, match="request_answered_by_another"), transaction.atomic():
        AccessRequest.objects.filter(pk=mine.pk).update(
            given=True, answered_by=lead.professional, answered_at=NOW
        )


def test_an_emergency_opens_for_some_minutes_and_waits_for_its_review(
    record: Record, lead: Actor, nurse: Actor
) -> None:
    given = broken(record.pk, nurse)
    assert given.until == NOW + 15 * MINUTE
    (told,) = waiting(lead, Wait.EMERGENCY)
    assert (told.id, told.words, told.who) == (given.pk, "Malaise.", str(nurse.professional))
    assert waiting(nurse, Wait.EMERGENCY) == []
    openings.review(given=given, justified=True, words="", now=NOW + DAY, by=lead.professional)
    assert waiting(lead, Wait.EMERGENCY) == []
    assert acts() == ["records.glass_broken", "records.emergency_reviewed"]
    facts = Entry.objects.get(action="records.glass_broken").facts
    assert facts == {"reason": "Malaise.", "until": given.until.isoformat()}


def test_an_emergency_is_not_taken_back_out_of_sight(record: Record, lead: Actor, nurse: Actor) -> None:
    with refused("an_emergency"):
        end_grant(given=broken(record.pk, nurse), by=lead.professional)
    assert waiting(lead, Wait.EMERGENCY)


def test_what_was_no_emergency_ends_at_once(record: Record, lead: Actor, nurse: Actor) -> None:
    given = broken(record.pk, nurse)
    with refused("unjustified_without_words"):
        openings.review(given=given, justified=False, words=" ", now=NOW + MINUTE, by=lead.professional)
    openings.review(
        given=given, justified=False, words="Simple curiosité.", now=NOW + MINUTE, by=lead.professional
    )
    assert AccessGrant.objects.get().until == NOW + MINUTE
    with refused("already_reviewed"):
        openings.review(given=given, justified=True, words="", now=NOW, by=lead.professional)


def test_nobody_reviews_their_own_emergency_nor_what_is_none(record: Record, lead: Actor) -> None:
    mine = broken(record.pk, lead)
    with refused("review_of_oneself"):
        openings.review(given=mine, justified=True, words="", now=NOW, by=lead.professional)
    with refused("not_an_emergency"):
        openings.review(
            given=AccessGrantFactory.create(), justified=True, words="", now=NOW, by=lead.professional
        )
    assert not EmergencyReview.objects.exists()


def test_no_emergency_without_the_right_the_reason_the_record_or_where_it_is_closed(
    record: Record, nurse: Actor
) -> None:
    with refused("emergency_without_reason"):
        broken(record.pk, nurse, reason="  ")
    with refused("no_emergency"):
        broken(record.pk, actor(Role.SECRETARY))
    with refused("no_emergency"):
        broken(uuid.uuid4(), nurse)
    SettingValue.objects.create(
        establishment=record.establishment, name=openings.EMERGENCY.name, value=openings.CLOSED
    )
    with refused("no_emergency"):
        broken(record.pk, nurse)
    assert not AccessGrant.objects.exists()
