"""Events: planned, done, or cancelled for a reason."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.agenda.actions import edit_event, plan_event
from jalon.agenda.models import Event, EventStatus
from jalon.agenda.queries import between
from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from tests.factories import NOW, EventFactory, ManagingBodyFactory, ProfessionalFactory, RecordFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def plan(**changes: Any) -> Event:
    said = {"label": "Sortie au marché", "starts_at": NOW, "ends_at": NOW + HOUR, "by": None} | changes
    said.setdefault("record", RecordFactory())
    return plan_event(**said)


def test_an_event_is_planned_with_a_key_of_the_person(body: ManagingBody) -> None:
    record, agent = RecordFactory(), ProfessionalFactory()
    event = plan(record=record, label="  Sortie ", by=agent, place="Halles")
    assert (event.label, event.place, event.status) == ("Sortie", "Halles", EventStatus.PLANNED)
    assert event.key == f"{record.person.key}-EVN-{event.pk.hex}"
    entry = Entry.objects.get(action="agenda.planned")
    assert (entry.object_id, entry.professional) == (record.pk, agent)


@pytest.mark.parametrize("label", ["", "  "])
def test_an_event_has_a_label(body: ManagingBody, label: str) -> None:
    with pytest.raises(DomainError) as refusal:
        plan(label=label)
    assert refusal.value.code == "event_without_label"


def test_an_event_cannot_end_before_it_starts(body: ManagingBody) -> None:
    with pytest.raises(DomainError) as refusal:
        plan(ends_at=NOW - HOUR)
    assert refusal.value.code == "event_reversed"
    with pytest.raises(IntegrityError, match="event_ends_after_start"), transaction.atomic():
        EventFactory(ends_at=NOW - HOUR)


def test_an_event_may_be_a_moment(body: ManagingBody) -> None:
    assert plan(ends_at=NOW).ends_at == NOW


@pytest.mark.requirement("RECON.AGENDA.02")
def test_what_became_of_an_event_is_kept_with_its_author(body: ManagingBody) -> None:
    event, agent = EventFactory(), ProfessionalFactory()
    edit_event(event=event, status=EventStatus.DONE, by=agent)
    event.refresh_from_db()
    assert event.status == EventStatus.DONE
    entry = Entry.objects.get(action="agenda.edited")
    assert (entry.facts, entry.professional) == ({"fields": ["status"]}, agent)


@pytest.mark.parametrize("reason", ["", "  "])
def test_cancelling_takes_a_reason(body: ManagingBody, reason: str) -> None:
    event = EventFactory()
    with pytest.raises(DomainError) as refusal:
        edit_event(event=event, status=EventStatus.CANCELLED, by=None, reason=reason)
    assert refusal.value.code == "cancelled_without_reason"
    event.refresh_from_db()
    assert event.status == EventStatus.PLANNED


def test_the_reason_of_a_cancellation_is_kept_and_stays_out_of_the_trace(body: ManagingBody) -> None:
    event = edit_event(event=EventFactory(), status=EventStatus.CANCELLED, by=None, reason="hospitalisée")
    assert event.reason == "hospitalisée"
    assert "hospitalisée" not in str(Entry.objects.get().facts)


def test_a_later_status_does_not_erase_the_reason(body: ManagingBody) -> None:
    event = EventFactory(reason="rendez-vous demandé par la famille")
    assert edit_event(event=event, status=EventStatus.DONE, by=None).reason == event.reason


@pytest.mark.parametrize("status", ["", "AILLEURS", "done"])
def test_a_status_is_one_of_the_list(body: ManagingBody, status: str) -> None:
    with pytest.raises(DomainError) as refusal:
        edit_event(event=EventFactory(), status=status, by=None)
    assert refusal.value.code == "unknown_status"


def test_an_event_is_edited_and_only_what_changed_is_named(body: ManagingBody) -> None:
    event, agent = EventFactory(place="Halles"), ProfessionalFactory()
    edit_event(event=event, place="Salle bleue", label=event.label, report="Beau temps", by=agent)
    event.refresh_from_db()
    assert (event.place, event.report) == ("Salle bleue", "Beau temps")
    entry = Entry.objects.get(action="agenda.edited")
    assert (entry.object_id, entry.professional) == (event.record_id, agent)
    assert entry.facts == {"fields": ["place", "report"]}
    edit_event(event=event, place="Salle bleue", by=agent)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"label": " "}, "event_without_label", "label"),
        ({"starts_at": NOW + 3 * HOUR}, "event_reversed", "ends_at"),
        ({"status": "ANNULE"}, "cancelled_without_reason", "reason"),
    ],
)
def test_an_edit_is_refused_at_its_field_and_nothing_is_written(
    body: ManagingBody, change: dict[str, Any], code: str, place: str
) -> None:
    event = EventFactory()
    with pytest.raises(DomainError) as refusal:
        edit_event(event=event, by=None, **change)
    assert (refusal.value.code, refusal.value.place) == (code, place)
    assert Event.objects.get(pk=event.pk).label == "Sortie au marché"


def test_an_event_received_without_a_label_may_change_of_room(body: ManagingBody) -> None:
    assert edit_event(event=EventFactory(label=""), place="Salle bleue", by=None).label == ""


def test_events_of_a_window_are_those_under_way_in_it_in_order(body: ManagingBody) -> None:
    record = RecordFactory()
    goes_on, first, late, at_the_end, over, moment = (
        EventFactory(record=record, starts_at=NOW + HOUR * start, ends_at=NOW + HOUR * end)
        for start, end in ((-9, 9), (0, 5), (1, 5), (2, 5), (-1, 0), (1, 1))
    )
    EventFactory(starts_at=NOW, ends_at=NOW + HOUR)
    rows = between([record.pk], NOW, NOW + HOUR * 2)
    assert [row["id"] for row in rows] == [goes_on.pk, first.pk, late.pk, moment.pk]
    assert {at_the_end.pk, over.pk}.isdisjoint(row["id"] for row in rows)
    assert moment.pk in {row["id"] for row in between([record.pk], NOW + HOUR, NOW + HOUR * 2)}


def test_another_managing_body_sees_no_event(body: ManagingBody) -> None:
    event = EventFactory()
    with tenant(ManagingBodyFactory().pk):
        assert list(between([event.record_id], NOW, NOW + HOUR)) == []
