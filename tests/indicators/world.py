"""Whatever may happen to what the indicators count: written, corrected, undone, imported, known late."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jalon.agenda.models import Event, EventStatus
from jalon.care.models import HandoverNote
from jalon.core.moment import PARIS, local_day
from jalon.core.period import Month
from jalon.documents.models import Document, Withdrawal
from jalon.exchange.models import Delivery, DeliveryState, DeliveryStep
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.tallying import count_again, measures, tally
from jalon.organizations.models import Establishment, SettingValue
from jalon.people.models import Consent
from jalon.plans.models import PersonalPlan, PlanStatus, PlanVersion
from jalon.records.models import Record, Stay
from jalon.staff.models import Professional
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    ConsentFactory,
    DocumentFactory,
    EstablishmentFactory,
    EventFactory,
    ExpectationFactory,
    GoalFactory,
    HandoverNoteFactory,
    NeedFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
    StayFactory,
)
from tests.indicators.past import put, written

PARTS = (ExpectationFactory, NeedFactory, GoalFactory, ActionFactory, AgreementFactory)
ZONES = ("Europe/Paris", "Indian/Reunion", "America/Martinique")
MONTHS = 3


@dataclass
class World:
    """Two establishments, three people, and what was written of them."""

    now: dt.datetime
    houses: tuple[Establishment, ...]
    records: list[Record]
    by: Professional
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)

    def keep(self, row: Any) -> Any:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def one(self, model: type[Any], number: int) -> Any:
        """One of those that are there, or None."""
        there = [row for row in self.rows.get(model, ()) if row.pk]
        return there[number % len(there)] if there else None


@dataclass(frozen=True)
class Act:
    """Something that happens to a record: an instant it is about, one it was known at, and a draw."""

    kind: str
    record: int
    at: dt.datetime
    known: dt.datetime
    number: int


def begin() -> World:
    houses = (EstablishmentFactory.create(), EstablishmentFactory.create())
    records = [RecordFactory.create(establishment=houses[rank % 2]) for rank in range(3)]
    world = World(timezone.now(), houses, records, ProfessionalFactory.create())
    began = world_months(world.now)[0].first_day - dt.timedelta(days=9)
    for record in records:
        stay = world.keep(StayFactory.create(record=record, starts_on=began))
        for row in (record, stay):
            written(row, dt.datetime.combine(began, dt.time(), dt.UTC))
    return world


def world_months(now: dt.datetime) -> list[Month]:
    last = Month.of(local_day(now, PARIS))
    return [last.plus(back) for back in range(1 - MONTHS, 1)]


def instants(now: dt.datetime) -> list[dt.datetime]:
    """Around each end of a month, where zones differ, and in the middle; none to come."""
    found = []
    for month in world_months(now):
        border = dt.datetime.combine(month.first_day, dt.time(), PARIS).astimezone(dt.UTC)
        found += [border + dt.timedelta(hours=hours) for hours in (-4, -1, 0, 3, 7, 300)]
    return [one for one in found if one < now] or [now]


def happen(world: World, act: Act) -> None:
    """Do it; what the database refuses does not happen."""
    try:
        with transaction.atomic():
            ACTS[act.kind](world, world.records[act.record], act)
    except IntegrityError:
        return


def _note(world: World, record: Record, act: Act) -> None:
    written(world.keep(HandoverNoteFactory.create(record=record, written_at=act.at)), act.known)


def _note_withdrawn(world: World, record: Record, act: Act) -> None:
    if note := world.one(HandoverNote, act.number):
        note.withdrawn_at = act.known
        note.save()
        if act.number % 2:
            written(note, act.known, "update")


def _event(world: World, record: Record, act: Act) -> None:
    event = EventFactory.create(
        record=record, starts_at=act.at, ends_at=act.at, responsible=world.by if act.number % 3 else None
    )
    written(world.keep(event), act.known, status=EventStatus.values[act.number % 4])


def _event_changed(world: World, record: Record, act: Act) -> None:
    if event := world.one(Event, act.number):
        event.status = EventStatus.values[act.number % 4]
        event.starts_at = event.ends_at = act.at
        event.save()
        if act.number % 2:
            written(event, act.known, "update", status=EventStatus.CANCELLED)


def _deleted(world: World, record: Record, act: Act) -> None:
    model = (HandoverNote, Event, Stay, Consent, Withdrawal)[act.number % 5]
    if row := world.one(model, act.number):
        if act.known < act.at:
            written(row, act.known, "delete")
        row.delete()


def _moved(world: World, record: Record, act: Act) -> None:
    """To this record, from another one."""
    model = (HandoverNote, Event, Stay, PersonalPlan)[act.number % 4]
    if row := world.one(model, act.number):
        former, row.record = row.record, record
        row.save()
        if act.number % 2:
            written(row, act.known, "update", record_id=former.pk)


def _stay(world: World, record: Record, act: Act) -> None:
    days = dt.timedelta(days=act.number)
    first = local_day(act.at, dt.UTC)
    stay = StayFactory.create(record=record, starts_on=first, ends_on=first + days)
    written(world.keep(stay), act.known)


def _stay_changed(world: World, record: Record, act: Act) -> None:
    if stay := world.one(Stay, act.number):
        stay.ends_on = None if act.number % 3 == 0 else local_day(act.at, dt.UTC)
        stay.save()
        if act.number % 2:
            written(stay, act.known, "update")


def _house(world: World, record: Record, act: Act) -> None:
    record.establishment = world.houses[act.number % 2]
    record.save()
    if act.number > 3:
        written(record, act.known, "update")


def _plan(world: World, record: Record, act: Act) -> None:
    status = PlanStatus.values[act.number % 4]
    plan = world.keep(PlanFactory.create(record=record, status=status))
    written(plan, act.known, pgh_context=_context(act.number))


def _plan_changed(world: World, record: Record, act: Act) -> None:
    if plan := world.one(PersonalPlan, act.number):
        plan.status = PlanStatus.values[act.number % 4]
        plan.save()
        written(plan, act.known, "update", pgh_context=_context(act.number))


def _part(world: World, record: Record, act: Act) -> None:
    if plan := world.one(PersonalPlan, act.number):
        part = PARTS[act.number % 5].create(plan=plan)
        written(part, act.known, pgh_context=_context(act.number))


def _context(number: int) -> dict[str, Any]:
    """By hand, by a task, by an import."""
    return ({"professional": "somebody"}, {}, {"professional": "somebody", "transfer": True})[number % 3]


def _signed(world: World, record: Record, act: Act) -> None:
    if plan := world.one(PersonalPlan, act.number):
        number = plan.versions.count() + 1
        PlanVersion.objects.create(plan=plan, number=number, signed_at=act.at, signed_by=world.by, content={})


def _document(world: World, record: Record, act: Act) -> None:
    source = Document.Source.values[act.number % 3]
    world.keep(put(DocumentFactory.build(record=record, filed_at=act.at, source=source)))


def _document_withdrawn(world: World, record: Record, act: Act) -> None:
    if document := world.one(Document, act.number):
        gone = Withdrawal.objects.create(document=document, at=act.at, by=world.by, reason="Erreur")
        written(world.keep(gone), act.known)


def _sent(world: World, record: Record, act: Act) -> None:
    destination = ("citizen_mail", "dmp")[act.number % 2]
    document = DocumentFactory.create(record=record)
    delivery = Delivery.objects.create(
        document=document, destination=destination, requested_at=act.at, submission_id="1",
        message_id=document.unique_id,
    )  # fmt: skip
    _answered(world, record, act, world.keep(delivery))


def _answered(world: World, record: Record, act: Act, delivery: Any = None) -> None:
    if delivery := delivery or world.one(Delivery, act.number):
        state = DeliveryState.values[act.number % 6]
        DeliveryStep.objects.create(delivery=delivery, at=act.at, state=state)


def _decided(world: World, record: Record, act: Act) -> None:
    purpose = (Consent.Purpose.DMP_FEED, Consent.Purpose.CITIZEN_MAIL)[act.number % 2]
    consent = ConsentFactory.create(
        person=record.person, purpose=purpose, granted=act.number > 4, decided_on=local_day(act.at, dt.UTC)
    )
    written(world.keep(consent), act.known)


def _zone(world: World, record: Record, act: Act) -> None:
    zone, house = {"value": ZONES[act.number % 3]}, record.establishment
    SettingValue.objects.update_or_create(establishment=house, unit=None, name="time_zone", defaults=zone)


def _closed(world: World, record: Record, act: Act) -> None:
    month = Month.of(local_day(act.at, PARIS))
    MonthlyFigure.objects.create(
        establishment=record.establishment, month=str(month), code="I1", definition="x",
        numerator=0, denominator=0, target=90,
    )  # fmt: skip


def _tallied(world: World, record: Record, act: Act) -> None:
    for measure in measures(world.now, Month.of(local_day(act.at, PARIS))):
        tally(measure)


def _counted_again(world: World, record: Record, act: Act) -> None:
    count_again()


ACTS: dict[str, Callable[[World, Record, Act], None]] = {
    "a note": _note,
    "a note withdrawn": _note_withdrawn,
    "an event": _event,
    "an event changed": _event_changed,
    "a row deleted": _deleted,
    "a row moved": _moved,
    "a stay": _stay,
    "a stay changed": _stay_changed,
    "a record in the other house": _house,
    "a plan": _plan,
    "a plan changed": _plan_changed,
    "a part of a plan": _part,
    "a signature": _signed,
    "a document": _document,
    "a document withdrawn": _document_withdrawn,
    "a sending": _sent,
    "an answer": _answered,
    "a consent": _decided,
    "another zone": _zone,
    "a month closed": _closed,
    "a tally": _tallied,
    "a recount": _counted_again,
}
