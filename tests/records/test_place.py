"""Unit, room and key worker: of the house, kept with their past."""

import datetime as dt

import pytest

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.records.actions import place
from jalon.records.models import Record
from tests.factories import TODAY, MembershipFactory, ProfessionalFactory, RecordFactory, UnitFactory

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - dt.timedelta(days=1)


def test_a_record_gets_its_unit_its_room_and_somebody_of_the_team(body: ManagingBody) -> None:
    record = RecordFactory()
    unit = UnitFactory(establishment=record.establishment)
    worker = MembershipFactory(establishment=record.establishment).professional
    place(record=record, today=TODAY, by=worker, unit=unit, room="14", key_worker=worker)
    record = Record.objects.get()
    assert (record.unit, record.room, record.key_worker) == (unit, "14", worker)
    entry = Entry.objects.get(action="records.placed")
    assert (entry.object_id, entry.professional) == (record.pk, worker)
    assert entry.facts == {"fields": ["key_worker", "room", "unit"]}


def test_a_unit_of_another_house_and_somebody_of_no_team_of_it_are_refused(body: ManagingBody) -> None:
    record = RecordFactory(room="3")
    left = MembershipFactory(establishment=record.establishment, ends_on=YESTERDAY).professional
    for change, code in (
        ({"unit": UnitFactory()}, "unit_elsewhere"),
        ({"key_worker": MembershipFactory().professional}, "not_of_the_team"),
        ({"key_worker": ProfessionalFactory()}, "not_of_the_team"),
        ({"key_worker": left}, "not_of_the_team"),
    ):
        with pytest.raises(DomainError) as refusal:
            place(record=record, today=TODAY, by=None, room="4", **change)
        assert (refusal.value.code, refusal.value.place) == (code, next(iter(change)))
    assert Record.objects.get().room == "3"
    assert not Entry.objects.filter(action="records.placed").exists()


def test_whoever_was_the_key_worker_and_left_stays_until_another_is_named(body: ManagingBody) -> None:
    left = ProfessionalFactory()
    record = RecordFactory(key_worker=left)
    place(record=record, today=TODAY, by=None, room="4", key_worker=left)
    assert Record.objects.get().key_worker == left
    place(record=record, today=TODAY, by=None, key_worker=None, unit=None)
    assert Record.objects.get().key_worker is None
