"""Transmissions: written once, corrected by another, read by whoever may."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.audit.models import Entry
from jalon.care.actions import acknowledge, write_note
from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.care.queries import notes, thread
from jalon.care.rules import EVERY_FAMILY
from jalon.care.told import Relay
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.staff.rules import ContentClass
from tests.care.sights import houses_of, no_house
from tests.factories import NOW, HandoverNoteFactory, ManagingBodyFactory, ProfessionalFactory, RecordFactory

pytestmark = pytest.mark.django_db
NO_HEALTH = EVERY_FAMILY - {Family.HEALTH}
HOUR = dt.timedelta(hours=1)


def write(**changes: Any) -> HandoverNote:
    said = {"family": Family.DAILY, "text": "A bien mangé.", "now": NOW} | changes
    said.setdefault("record", RecordFactory())
    said.setdefault("author", ProfessionalFactory())
    return write_note(**said)


def test_a_note_keeps_who_when_and_what(body: ManagingBody) -> None:
    author = ProfessionalFactory()
    note = write(author=author, text="  A bien mangé.  ", important=True)
    note.refresh_from_db()
    assert (note.author, note.written_at, note.text, note.important) == (author, NOW, "A bien mangé.", True)


def test_a_targeted_note_may_have_data_and_no_text(body: ManagingBody) -> None:
    note = write(text="", title="Sommeil", data="Trois réveils.", actions="Veilleuse.", result="Rendormie.")
    assert (note.title, note.data, note.actions, note.result) == (
        "Sommeil",
        "Trois réveils.",
        "Veilleuse.",
        "Rendormie.",
    )


@pytest.mark.parametrize("said", [{"text": ""}, {"text": " \n "}, {"text": "", "title": "Sommeil"}])
def test_an_empty_note_is_refused(body: ManagingBody, said: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refusal:
        write(**said)
    assert refusal.value.code == "empty_note"
    assert not HandoverNote.objects.exists()


def test_the_database_refuses_an_empty_note_too(body: ManagingBody) -> None:
    with pytest.raises(IntegrityError, match="note_says_something"), transaction.atomic():
        HandoverNoteFactory(text="", data="")


def test_a_family_is_one_that_is_known(body: ManagingBody) -> None:
    with pytest.raises(DomainError) as refusal:
        write(family="autre")
    assert refusal.value.code == "unknown_family"
    with pytest.raises(IntegrityError, match="note_family_known"), transaction.atomic():
        HandoverNoteFactory(family="autre")


def test_the_trace_of_a_note_holds_its_family_and_none_of_its_words(body: ManagingBody) -> None:
    note = write(text="Allergie fictive.")
    entry = Entry.objects.get(action="care.note_written")
    assert (entry.facts, entry.object_id) == ({"family": "vie"}, note.record_id)


def test_a_corrected_note_gives_way_and_stays(body: ManagingBody) -> None:
    wrong = write(text="A refusé le repas.")
    right = write(record=wrong.record, author=wrong.author, text="A accepté le repas.", supersedes=wrong)
    assert list(notes()) == [right]
    assert [row["id"] for row in thread(wrong.record_id, families=EVERY_FAMILY)] == [right.pk]
    assert HandoverNote.objects.get(pk=wrong.pk).text == "A refusé le repas."


def test_a_correction_can_itself_be_corrected(body: ManagingBody) -> None:
    first = write()
    second = write(record=first.record, author=first.author, supersedes=first)
    third = write(record=first.record, author=first.author, supersedes=second)
    assert list(notes()) == [third]


def test_a_note_is_corrected_once(body: ManagingBody) -> None:
    first = write()
    write(record=first.record, author=first.author, supersedes=first)
    with pytest.raises(DomainError) as refusal:
        write(record=first.record, author=first.author, supersedes=first)
    assert refusal.value.code == "already_corrected"


def test_a_note_of_another_record_cannot_be_hidden_by_a_correction(body: ManagingBody) -> None:
    elsewhere = write()
    with pytest.raises(DomainError) as refusal:
        write(supersedes=elsewhere)
    assert refusal.value.code == "other_record"
    assert list(notes()) == [elsewhere]


def test_health_notes_are_hidden_from_whoever_may_not_read_them(body: ManagingBody) -> None:
    record = RecordFactory()
    daily = HandoverNoteFactory(record=record)
    health = HandoverNoteFactory(record=record, of_health=True)
    reader = ProfessionalFactory()
    since = NOW - HOUR
    for allowed, expected in ((EVERY_FAMILY, {daily.pk, health.pk}), (NO_HEALTH, {daily.pk})):
        assert {row["id"] for row in thread(record.pk, families=allowed)} == expected
        mine = houses_of(record) if Family.HEALTH in allowed else no_house()
        shown = Relay(houses_of(record), reader=reader, since=since, narrow={ContentClass.HEALTH: mine})
        assert {row["id"] for row in shown} == expected
    assert thread(record.pk, families=NO_HEALTH, family=Family.HEALTH) == []


def test_a_note_corrected_by_a_health_note_shows_neither_to_whoever_may_not_read_health(
    body: ManagingBody,
) -> None:
    wrong = write()
    write(record=wrong.record, author=wrong.author, family=Family.HEALTH, supersedes=wrong)
    assert not notes(NO_HEALTH).exists()


def test_the_thread_is_latest_first_of_one_record_up_to_its_limit(body: ManagingBody) -> None:
    record = RecordFactory()
    old, mid, new = (HandoverNoteFactory(record=record, written_at=NOW + HOUR * n) for n in range(3))
    HandoverNoteFactory()
    assert [row["id"] for row in thread(record.pk, families=EVERY_FAMILY)] == [new.pk, mid.pk, old.pk]
    assert [row["id"] for row in thread(record.pk, families=EVERY_FAMILY, limit=2)] == [new.pk, mid.pk]


def test_the_thread_of_a_family_holds_that_family(body: ManagingBody) -> None:
    record = RecordFactory()
    HandoverNoteFactory(record=record)
    incident = HandoverNoteFactory(record=record, family=Family.INCIDENT)
    rows = thread(record.pk, families=EVERY_FAMILY, family=Family.INCIDENT)
    assert [row["id"] for row in rows] == [incident.pk]


def test_saying_twice_that_one_has_read_is_once_and_the_first_time_stays(body: ManagingBody) -> None:
    note, reader = HandoverNoteFactory(), ProfessionalFactory()
    acknowledge(note=note, by=reader, now=NOW)
    acknowledge(note=note, by=reader, now=NOW + HOUR)
    assert Acknowledgement.objects.get().read_at == NOW
    acknowledge(note=note, by=ProfessionalFactory(), now=NOW)
    assert note.acknowledgements.count() == 2


def test_the_handover_says_what_this_reader_has_read(body: ManagingBody) -> None:
    note, reader = HandoverNoteFactory(), ProfessionalFactory()
    unread = HandoverNoteFactory(record=note.record)
    acknowledge(note=note, by=reader, now=NOW)
    acknowledge(note=unread, by=ProfessionalFactory(), now=NOW)
    rows = Relay(
        houses_of(note.record), reader=reader, since=NOW - HOUR, narrow={ContentClass.HEALTH: no_house()}
    )
    assert {row["id"]: row["is_read"] for row in rows} == {note.pk: True, unread.pk: False}


def test_the_handover_is_of_these_records_since_then_important_first(body: ManagingBody) -> None:
    abel = RecordFactory(person__birth_name="Abel", person__first_name="A")
    zoe = RecordFactory(person__birth_name="Zut", person__first_name="Z")
    HandoverNoteFactory(record=abel, written_at=NOW - HOUR)
    HandoverNoteFactory()
    late = HandoverNoteFactory(record=zoe, written_at=NOW)
    plain = HandoverNoteFactory(record=abel, written_at=NOW + HOUR)
    urgent = HandoverNoteFactory(record=abel, written_at=NOW, important=True)
    here, reader = houses_of(abel, zoe), ProfessionalFactory()
    rows = Relay(here, reader=reader, since=NOW, narrow={ContentClass.HEALTH: no_house()})
    assert [row["id"] for row in rows] == [urgent.pk, plain.pk, late.pk]


def test_another_managing_body_reads_no_note(body: ManagingBody) -> None:
    note = HandoverNoteFactory()
    with tenant(ManagingBodyFactory().pk):
        assert thread(note.record_id, families=EVERY_FAMILY) == []
