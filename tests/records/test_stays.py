"""Records, stays and grants."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.records.actions import admit, edit_stay, grant, open_record
from jalon.records.models import AccessGrant, Record, Stay
from tests.factories import (
    LAST_MONTH,
    TODAY,
    TOMORROW,
    YESTERDAY,
    AccessGrantFactory,
    EstablishmentFactory,
    PersonFactory,
    ProfessionalFactory,
    RecordFactory,
    StayFactory,
)

pytestmark = pytest.mark.django_db


def test_a_record_is_opened_once_per_person_and_establishment(body: ManagingBody) -> None:
    person, house, agent = PersonFactory(), EstablishmentFactory(), ProfessionalFactory()
    record = open_record(person=person, establishment=house, on=TODAY, by=agent, room="12")
    again = open_record(person=person, establishment=house, on=TOMORROW, by=agent)
    assert again == record
    assert (again.opened_on, again.room) == (TODAY, "12")
    elsewhere = open_record(person=person, establishment=EstablishmentFactory(), on=TODAY, by=agent)
    assert elsewhere != record
    acts = Entry.objects.order_by("at").values_list("action", "object_id")
    assert list(acts) == [("records.opened", record.pk), ("records.opened", elsewhere.pk)]


def test_the_database_refuses_a_second_record_of_the_same_person_there(body: ManagingBody) -> None:
    record = RecordFactory()
    with pytest.raises(IntegrityError, match="record_once"), transaction.atomic():
        RecordFactory(person=record.person, establishment=record.establishment)


def test_a_stay_begins_with_a_key_of_the_person(body: ManagingBody) -> None:
    record = RecordFactory()
    stay = admit(record=record, starts_on=TODAY, by=None, mode="46")
    assert stay.key == f"{record.person.key}-SEJOUR-{stay.pk.hex}"
    assert admit(record=RecordFactory(), starts_on=TODAY, by=None, key="reçue").key == "reçue"


def test_a_stay_may_be_planned_and_has_a_date(body: ManagingBody) -> None:
    record = RecordFactory()
    planned = admit(record=record, starts_on=None, planned_start=TOMORROW, by=None)
    assert (planned.starts_on, planned.planned_start) == (None, TOMORROW)
    with pytest.raises(DomainError) as refusal:
        admit(record=record, starts_on=None, by=None)
    assert (refusal.value.code, refusal.value.place) == ("stay_without_date", "starts_on")


def test_a_stay_received_reversed_is_corrected_when_its_dates_are_touched(body: ManagingBody) -> None:
    stay = StayFactory(planned_start=TODAY, planned_end=YESTERDAY)
    assert edit_stay(stay=stay, comment="accueil séquentiel", by=None).comment == "accueil séquentiel"
    with pytest.raises(DomainError) as refusal:
        edit_stay(stay=stay, planned_start=TOMORROW, by=None)
    assert (refusal.value.code, refusal.value.place) == ("stay_reversed", "planned_end")


def test_a_stay_that_nobody_changed_leaves_no_trace(body: ManagingBody) -> None:
    stay = StayFactory()
    edit_stay(stay=stay, starts_on=stay.starts_on, by=None)
    assert not Entry.objects.exists()


def test_a_stay_that_overlaps_another_is_refused(body: ManagingBody) -> None:
    record = RecordFactory(admitted_last_month=True)
    with pytest.raises(DomainError) as refusal:
        admit(record=record, starts_on=TODAY, by=None)
    assert refusal.value.code == "stays_overlap"
    assert record.stays.count() == 1, "the transaction goes on after the refusal"


def test_leaving_and_coming_back_the_same_day_is_allowed(body: ManagingBody) -> None:
    record = RecordFactory(admitted_last_month=True)
    edit_stay(stay=record.stays.get(), ends_on=TODAY, by=None)
    admit(record=record, starts_on=TODAY, by=None)
    assert record.stays.count() == 2


def test_one_may_stay_in_two_houses_at_once(body: ManagingBody) -> None:
    record = RecordFactory(admitted_last_month=True)
    RecordFactory(person=record.person, admitted_last_month=True)
    assert Stay.objects.filter(starts_on=LAST_MONTH).count() == 2


def test_a_stay_not_yet_begun_overlaps_nothing(body: ManagingBody) -> None:
    record = RecordFactory(admitted_last_month=True)
    StayFactory(record=record, starts_on=None, planned_start=TOMORROW)
    assert record.stays.count() == 2


def test_a_stay_cannot_end_before_it_starts(body: ManagingBody) -> None:
    stay = RecordFactory(admitted_last_month=True).stays.get()
    with pytest.raises(DomainError) as refusal:
        edit_stay(stay=stay, ends_on=LAST_MONTH - dt.timedelta(days=1), by=None)
    assert refusal.value.code == "stay_reversed"
    with pytest.raises(IntegrityError, match="stay_ends_after_start"), transaction.atomic():
        Stay.objects.filter(pk=stay.pk).update(ends_on=LAST_MONTH - dt.timedelta(days=1))


def test_moving_the_end_of_a_stay_over_the_next_one_is_refused_with_words(body: ManagingBody) -> None:
    record = RecordFactory()
    first = StayFactory(record=record, ends_on=YESTERDAY)
    StayFactory(record=record, starts_on=YESTERDAY)
    with pytest.raises(DomainError) as refusal:
        edit_stay(stay=first, ends_on=TODAY, by=None)
    assert refusal.value.code == "stays_overlap"
    assert Stay.objects.get(pk=first.pk).ends_on == YESTERDAY


def test_the_end_of_a_stay_keeps_its_reason_and_its_author(body: ManagingBody) -> None:
    stay, agent = StayFactory(), ProfessionalFactory()
    edit_stay(stay=stay, ends_on=TODAY, exit_mode="3", by=agent)
    stay.refresh_from_db()
    assert (stay.ends_on, stay.exit_mode) == (TODAY, "3")
    entry = Entry.objects.get(action="records.stay_edited")
    assert (entry.object_id, entry.professional) == (stay.record_id, agent)
    assert entry.facts == {"fields": ["ends_on", "exit_mode"]}


DAYS = st.integers(0, 30).map(lambda n: dt.date(2026, 1, 1) + dt.timedelta(days=n))
Days = tuple[dt.date, dt.date | None]
PERIODS = st.tuples(DAYS, st.none() | st.integers(1, 15)).map(
    lambda drawn: (drawn[0], drawn[1] and drawn[0] + dt.timedelta(days=drawn[1]))
)


def overlap(one: Days, other: Days) -> bool:
    """Do they share a day? The day of the exit is not one."""
    return all(first[0] < (second[1] or dt.date.max) for first, second in ((one, other), (other, one)))


@given(one=PERIODS, other=PERIODS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_and_the_rule_agree_on_what_overlaps(body: ManagingBody, one: Days, other: Days) -> None:
    record = RecordFactory()
    StayFactory(record=record, starts_on=one[0], ends_on=one[1])
    try:
        admit(record=record, starts_on=other[0], ends_on=other[1], by=None)
        refused = False
    except DomainError:
        refused = True
    assert refused == overlap(one, other)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_grant_needs_a_reason(body: ManagingBody, reason: str) -> None:
    record, to, by = RecordFactory(), ProfessionalFactory(), ProfessionalFactory()
    with pytest.raises(DomainError) as refusal:
        grant(record=record, to=to, reason=reason, starts_on=TODAY, ends_on=TOMORROW, by=by)
    assert refusal.value.code == "grant_without_reason"
    assert not AccessGrant.objects.exists()


def test_the_database_refuses_a_grant_without_a_reason_or_that_ends_before_it_starts(
    body: ManagingBody,
) -> None:
    with pytest.raises(IntegrityError, match="grant_has_a_reason"), transaction.atomic():
        AccessGrantFactory(reason="")
    with pytest.raises(IntegrityError, match="grant_ends_after_start"), transaction.atomic():
        AccessGrantFactory(starts_on=TODAY, ends_on=YESTERDAY)


def test_a_grant_that_ends_before_it_starts_is_refused_with_words(body: ManagingBody) -> None:
    to, by = ProfessionalFactory(), ProfessionalFactory()
    with pytest.raises(DomainError) as refusal:
        grant(record=RecordFactory(), to=to, reason="nuit", starts_on=TODAY, ends_on=YESTERDAY, by=by)
    assert refusal.value.code == "grant_reversed"


def test_a_grant_is_traced_with_whom_and_by_whom(body: ManagingBody) -> None:
    record, to, by = RecordFactory(), ProfessionalFactory(), ProfessionalFactory()
    given_ = grant(record=record, to=to, reason=" nuit ", starts_on=TODAY, ends_on=TOMORROW, by=by)
    assert given_.reason == "nuit"
    entry = Entry.objects.get(action="records.granted")
    assert (entry.object_id, entry.professional, entry.facts) == (record.pk, by, {"to": str(to.pk)})


def test_the_words_of_a_record_never_name_the_person(body: ManagingBody) -> None:
    record = RecordFactory()
    assert str(record) == str(record.pk)
    assert Record.objects.with_identity().get().person.birth_name
