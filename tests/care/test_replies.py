"""A reply is a note: read where its note is, by the same people, told to whom it answers."""

import datetime as dt
from typing import Any

import pytest

from jalon.care.actions import acknowledge, answer_note, withdraw_note, write_note
from jalon.care.models import Family, HandoverNote
from jalon.care.queries import thread
from jalon.care.rules import ANSWERED, EVERY_FAMILY
from jalon.care.told import Relay, around
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.staff.models import Professional
from jalon.staff.rules import ContentClass
from tests.care.factories import TaskFactory
from tests.care.sights import houses_of, no_house
from tests.factories import NOW, HandoverNoteFactory, MembershipFactory, ProfessionalFactory

pytestmark = pytest.mark.django_db
NO_HEALTH = EVERY_FAMILY - {Family.HEALTH}
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def answer(note: HandoverNote, text: str = "Et depuis ?", now: dt.datetime = NOW, **who: Any) -> HandoverNote:
    return answer_note(note=note, author=who.get("author") or ProfessionalFactory(), text=text, now=now)


def told(note: HandoverNote, reader: Professional, *, health: bool = True) -> list[dict[str, Any]]:
    """The relève of this reader, a week later."""
    here, since = houses_of(note.record), NOW + 7 * DAY
    return list(
        Relay(here, reader=reader, since=since, narrow={} if health else {ContentClass.HEALTH: no_house()})
    )


def hired(since: dt.timedelta = 30 * DAY) -> Professional:
    return MembershipFactory.create(starts_on=(NOW - since).date()).professional


def refused(code: str, **said: Any) -> None:
    with pytest.raises(DomainError) as refusal:
        answer(**said)
    assert refusal.value.code == code


def test_a_reply_is_of_the_record_and_of_the_family_of_its_note(body: ManagingBody) -> None:
    note = HandoverNoteFactory(of_health=True)
    reply = answer(note, "  Tension reprise : 13/8.  ")
    assert (reply.record, reply.family, reply.answers) == (note.record, Family.HEALTH, note)
    assert reply.text == "Tension reprise : 13/8."


def test_a_reply_to_a_reply_answers_the_note_that_both_are_about(body: ManagingBody) -> None:
    note = HandoverNoteFactory()
    assert answer(answer(note)).answers == note


def test_the_thread_shows_replies_under_their_note_in_their_order_and_not_among_the_notes(
    body: ManagingBody,
) -> None:
    note = HandoverNoteFactory(written_at=NOW - HOUR)
    question, reply = answer(note), answer(note, now=NOW + HOUR)
    (row,) = thread(note.record_id, families=EVERY_FAMILY)
    assert row["id"] == note.pk
    assert [one["id"] for one in row["replies"]] == [question.pk, reply.pk]


def test_a_reply_to_a_health_note_is_shown_to_nobody_else(body: ManagingBody) -> None:
    note, reader = HandoverNoteFactory(of_health=True), hired()
    answer(note)
    assert thread(note.record_id, families=NO_HEALTH) == []
    since = NOW - HOUR
    assert not Relay(
        houses_of(note.record), reader=reader, since=since, narrow={ContentClass.HEALTH: no_house()}
    )[:1]
    rows = [{"id": note.pk, "answers_id": None}]
    assert around(rows, reader=reader, narrow={ContentClass.HEALTH: no_house()}) == {}


def test_the_author_and_who_answered_are_told_however_late_and_first_after_what_is_urgent(
    body: ManagingBody,
) -> None:
    author, asking = hired(), hired()
    note = HandoverNoteFactory(author=author)
    answer(note, author=asking)
    reply = answer(note, now=NOW + HOUR)
    for follower in (author, asking):
        rows = told(note, follower)
        assert reply.pk in {row["id"] for row in rows}
        assert {row["rank"] for row in rows} == {ANSWERED}
        acknowledge(note=reply, by=follower, now=NOW + 2 * HOUR)
        assert reply.pk not in {row["id"] for row in told(note, follower)}, "once read, it leaves"
    assert told(note, hired()) == [], "whoever does not follow it reads it in its time"


def test_what_one_answered_oneself_is_read(body: ManagingBody) -> None:
    author = hired()
    note = HandoverNoteFactory(author=author)
    answer(note, author=author)
    assert told(note, author) == []


def test_an_exchange_is_read_whole_whatever_was_found_of_it(body: ManagingBody) -> None:
    note, reader = HandoverNoteFactory(written_at=NOW - DAY), hired()
    first, last = answer(note), answer(note, now=NOW + HOUR)
    rows = Relay(
        houses_of(note.record), reader=reader, since=NOW + HOUR, narrow={ContentClass.HEALTH: no_house()}
    )
    assert [row["id"] for row in rows] == [last.pk]
    exchange = around(rows, reader=reader, narrow={ContentClass.HEALTH: no_house()})[note.pk]
    assert [row["id"] for row in exchange] == [note.pk, first.pk, last.pk]
    assert exchange[0]["record__person_id"] == note.record.person_id


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_reply_is_refused(body: ManagingBody, text: str) -> None:
    refused("empty_note", note=HandoverNoteFactory(), text=text)


def test_a_withdrawn_note_is_not_answered(body: ManagingBody) -> None:
    refused("note_withdrawn", note=HandoverNoteFactory(withdrawn_at=NOW))


def test_what_was_corrected_meanwhile_is_read_again_before_it_is_answered(body: ManagingBody) -> None:
    note = HandoverNoteFactory()
    write_note(
        record=note.record, author=note.author, family=note.family, text="Non.", supersedes=note, now=NOW
    )
    refused("already_corrected", note=note)


def test_replies_and_tasks_go_with_the_version_in_force_and_its_family_and_come_back(
    body: ManagingBody,
) -> None:
    note = HandoverNoteFactory()
    reply, task = answer(note), TaskFactory(note=note)
    right = write_note(
        record=note.record,
        author=note.author,
        family=Family.HEALTH,
        text="De santé.",
        supersedes=note,
        now=NOW,
    )
    reply.refresh_from_db()
    task.refresh_from_db()
    assert (reply.answers, reply.family, task.note) == (right, Family.HEALTH, right)
    assert thread(note.record_id, families=NO_HEALTH) == [], "what it said of health is told to nobody else"
    withdraw_note(note=right, by=note.author, now=NOW)
    reply.refresh_from_db()
    task.refresh_from_db()
    assert (reply.answers, reply.family, task.note) == (note, note.family, note)


def test_the_correction_of_a_reply_is_a_reply_of_the_same_family(body: ManagingBody) -> None:
    reply = answer(HandoverNoteFactory())
    right = write_note(
        record=reply.record, author=reply.author, family=Family.HEALTH, text="Si.", supersedes=reply, now=NOW
    )
    assert (right.answers, right.family) == (reply.answers, reply.family)


def test_a_note_that_was_answered_is_corrected_and_not_withdrawn(body: ManagingBody) -> None:
    note = HandoverNoteFactory()
    reply = answer(note)
    with pytest.raises(DomainError) as refusal:
        withdraw_note(note=note, by=note.author, now=NOW)
    assert refusal.value.code == "already_answered"
    withdraw_note(note=reply, by=reply.author, now=NOW)
    withdraw_note(note=note, by=note.author, now=NOW)
    (row,) = thread(note.record_id, families=EVERY_FAMILY)
    assert [one["text"] for one in row["replies"]] == [""], "a reply taken back is told without its words"
