"""What happened stays true: a later fact changes no figure of a past month."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.agenda.models import EventStatus
from jalon.core.errors import DomainError
from jalon.core.moment import PARIS, local_day
from jalon.core.period import Month
from jalon.db.history import history
from jalon.documents.models import Withdrawal
from jalon.exchange.models import Delivery, DeliveryState, DeliveryStep
from jalon.indicators.actions import close_month, correct_month
from jalon.indicators.counting import counted, missing, proofs
from jalon.indicators.definitions import DEFINITIONS
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.queries import closed_figures, figures, measure_of
from jalon.indicators.tasks import close_months
from jalon.organizations.models import Establishment, ManagingBody, SettingValue
from jalon.plans.actions import open_plan
from jalon.records.models import Record
from tests.factories import (
    ConsentFactory,
    DocumentFactory,
    EstablishmentFactory,
    EventFactory,
    HandoverNoteFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
    StayFactory,
)
from tests.indicators.past import put, written

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
IN_OCTOBER = dt.datetime(2026, 10, 14, 10, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
LONG_AFTER = dt.datetime(2036, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def house(body: ManagingBody) -> Establishment:
    """An establishment whose first measure is behind it."""
    one = EstablishmentFactory.create()
    MonthlyFigure.objects.create(
        establishment=one, month="2026-08", code="I1", numerator=0, denominator=0, target=90, definition="x"
    )
    return one


def present(house: Establishment, **stay: Any) -> Record:
    """Somebody supported since 5 October, as it was written that day."""
    record = RecordFactory.create(establishment=house, opened_on=dt.date(2026, 10, 5))
    period = StayFactory.create(record=record, **({"starts_on": dt.date(2026, 10, 5)} | stay))
    for row in (record, period):
        written(row, dt.datetime(2026, 10, 5, 8, tzinfo=dt.UTC))
    return record


def noted(record: Record, at: dt.datetime = IN_OCTOBER) -> Any:
    note = HandoverNoteFactory.create(record=record, written_at=at)
    written(note, at)
    return note


def fractions(house: Establishment, month: Month = OCTOBER, now: dt.datetime = LONG_AFTER) -> dict[str, Any]:
    return {one.definition.code: (one.numerator, one.denominator) for one in figures(house, month, now=now)}


def test_a_plan_opened_now_does_not_change_october(house: Establishment) -> None:
    record = present(house)
    noted(record)
    before = fractions(house)
    assert before["I2"] == (0, 1)
    PlanFactory.create(record=record)
    assert fractions(house) == before


def test_a_plan_that_ran_in_october_and_ended_since_still_counts(house: Establishment) -> None:
    record = present(house)
    noted(record)
    plan = PlanFactory.create(record=record, status="TERMINE")
    written(plan, IN_OCTOBER, status="ENCOURS")
    assert fractions(house)["I2"] == (1, 1)


@pytest.mark.parametrize(
    ("status", "counts"), [("ENPREPARATION", 1), ("ENCOURS", 1), ("ENPAUSE", 0), ("TERMINE", 0)]
)
def test_a_plan_counts_in_preparation_or_running(house: Establishment, status: str, counts: int) -> None:
    record = present(house)
    noted(record)
    written(PlanFactory.create(record=record), IN_OCTOBER, status=status)
    assert fractions(house)["I2"] == (counts, 1)


def test_a_stay_closed_or_corrected_later_leaves_october_as_it_was(house: Establishment) -> None:
    noted(present(house))
    stay = present(house, ends_on=None).stays.get()
    before = fractions(house)
    assert before["I1"] == (1, 2)
    stay.ends_on = dt.date(2026, 10, 6)
    stay.save()
    assert fractions(house) == before
    stay.starts_on = stay.ends_on = dt.date(2026, 11, 9)
    stay.save()
    assert fractions(house) == before


def test_a_note_deleted_later_was_written_all_the_same(house: Establishment) -> None:
    note = noted(present(house))
    note.delete()
    assert fractions(house)["I1"] == (1, 1)


def test_a_note_deleted_in_its_own_month_does_not_count(house: Establishment) -> None:
    note = noted(present(house))
    written(note, IN_OCTOBER + dt.timedelta(days=1), "delete")
    assert fractions(house)["I1"] == (0, 1)


def test_a_note_written_later_for_october_does_not_count(house: Establishment) -> None:
    record = present(house)
    HandoverNoteFactory.create(record=record, written_at=IN_OCTOBER)
    assert fractions(house)["I1"] == (0, 1)


def test_a_note_taken_back_is_no_writing_from_then_on(house: Establishment) -> None:
    note = noted(present(house))
    written(note, IN_OCTOBER + dt.timedelta(minutes=1), "update", withdrawn_at=IN_OCTOBER)
    assert fractions(house)["I1"] == (0, 1)


def test_a_document_withdrawn_later_was_filed_all_the_same(house: Establishment) -> None:
    document = put(DocumentFactory.build(record=present(house), filed_at=IN_OCTOBER))
    assert fractions(house)["I1"] == (1, 1)
    gone = Withdrawal.objects.create(
        document=document, at=LATER, by=ProfessionalFactory.create(), reason="Erreur"
    )
    assert fractions(house)["I1"] == (1, 1)
    written(gone, IN_OCTOBER + dt.timedelta(days=1))
    assert fractions(house)["I1"] == (0, 1)


def test_an_event_cancelled_later_was_not_cancelled_then(house: Establishment) -> None:
    record = present(house)
    event = EventFactory.create(record=record, starts_at=IN_OCTOBER, responsible=ProfessionalFactory.create())
    written(event, IN_OCTOBER)
    assert fractions(house)["I3"] == (1, 1)
    event.status, event.reason = EventStatus.CANCELLED, "Pluie"
    event.save()
    assert fractions(house)["I3"] == (1, 1)


def sent(record: Record, destination: str, at: dt.datetime, state: str = DeliveryState.SENT) -> Delivery:
    document = DocumentFactory.create(record=record)
    delivery = Delivery.objects.create(
        document=document, destination=destination, state=state, requested_at=at, submission_id="1",
        message_id=document.unique_id,
    )  # fmt: skip
    DeliveryStep.objects.create(delivery=delivery, at=at, state=state)
    return delivery


def test_messages_are_counted_and_people_fed_once(house: Establishment) -> None:
    record, other = present(house), present(house)
    for at in (IN_OCTOBER, IN_OCTOBER + dt.timedelta(days=2), LATER):
        sent(record, "citizen_mail", at)
        sent(record, "dmp", at, DeliveryState.ACKNOWLEDGED)
    sent(other, "citizen_mail", IN_OCTOBER, DeliveryState.REFUSED)
    found = fractions(house)
    assert (found["I4"], found["I5"]) == ((2, 2), (1, 2))


def test_a_message_refused_later_had_left_all_the_same(house: Establishment) -> None:
    delivery = sent(present(house), "citizen_mail", IN_OCTOBER)
    DeliveryStep.objects.create(delivery=delivery, at=LATER, state=DeliveryState.REFUSED)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.REFUSED)
    assert fractions(house)["I4"] == (1, 1)
    assert fractions(house, NOVEMBER, now=LATER)["I4"][0] == 0


def test_an_opposition_is_shown_apart_and_stays_in_the_denominator(house: Establishment) -> None:
    record = present(house)
    opposition = ConsentFactory.create(person=record.person, opposed=True, decided_on=dt.date(2026, 11, 2))
    assert opposition.granted is False
    found = {one.definition.code: one for one in figures(house, NOVEMBER, now=LATER)}
    assert (found["I5"].denominator, found["I5"].apart, found["I4"].apart) == (1, 1, 0)


def test_a_plan_that_a_professional_writes_makes_a_record_active_and_an_import_does_not(
    house: Establishment,
) -> None:
    by, month = ProfessionalFactory.create(), Month.of(local_day(dt.datetime.now(dt.UTC), PARIS))
    record, imported, machine = (
        RecordFactory.create(establishment=house, admitted_last_month=True) for _ in range(3)
    )
    with history(professional=str(by.pk)):
        open_plan(record=record, title="Projet d’essai", by=by)
    with history(professional=str(by.pk), transfer=True):
        open_plan(record=imported, title="Projet d’essai", by=by)
    open_plan(record=machine, title="Projet d’essai", by=None)
    measure = measure_of(house, month, now=dt.datetime.now(dt.UTC))
    assert ids_of(proofs(DEFINITIONS[0], measure)) == [record.pk]
    assert set(ids_of(missing(DEFINITIONS[0], measure))) == {imported.pk, machine.pk}


def test_every_list_proves_its_number(house: Establishment) -> None:
    record, other = present(house), present(house)
    noted(record)
    sent(record, "citizen_mail", IN_OCTOBER)
    sent(record, "citizen_mail", IN_OCTOBER)
    measure = measure_of(house, OCTOBER, now=LONG_AFTER)
    for figure in counted(measure):
        lacking = ids_of(missing(figure.definition, measure))
        assert len(ids_of(proofs(figure.definition, measure))) == figure.numerator
        assert len(lacking) == figure.lacking
        assert set(lacking) <= {record.pk, other.pk}
        assert figure.denominator >= figure.lacking


def ids_of(rows: Any) -> list[Any]:
    return list(rows.values_list("id", flat=True))


def test_the_first_measure_of_an_establishment_covers_three_months(body: ManagingBody) -> None:
    house = EstablishmentFactory.create()
    record = RecordFactory.create(establishment=house)
    stay = StayFactory.create(record=record, starts_on=dt.date(2026, 8, 3), ends_on=dt.date(2026, 8, 20))
    for row in (record, stay):
        written(row, dt.datetime(2026, 8, 3, tzinfo=dt.UTC))
    noted(record, dt.datetime(2026, 8, 10, tzinfo=dt.UTC))
    assert fractions(house, OCTOBER)["I1"] == (1, 1)
    assert fractions(house, NOVEMBER)["I1"] == (0, 0)
    close_month(establishment=house, month=Month(2026, 9), now=LONG_AFTER)
    assert fractions(house, OCTOBER)["I1"] == (0, 0)


@pytest.mark.parametrize(("zone", "month"), [("Europe/Paris", OCTOBER), ("Indian/Reunion", NOVEMBER)])
def test_a_month_begins_at_midnight_of_the_establishment(
    house: Establishment, zone: str, month: Month
) -> None:
    """22:00 in Paris on 31 October is 1 November, 01:00, in La Réunion."""
    SettingValue.objects.create(establishment=house, name="time_zone", value=zone)
    record = present(house)
    noted(record, dt.datetime(2026, 10, 31, 21, tzinfo=dt.UTC))
    assert {one: fractions(house, one)["I1"][0] for one in (OCTOBER, NOVEMBER)} == {
        one: int(one == month) for one in (OCTOBER, NOVEMBER)
    }


def test_a_closed_month_is_kept_and_closed_once(house: Establishment) -> None:
    noted(present(house))
    close_month(establishment=house, month=OCTOBER, now=LATER)
    kept = closed_figures(house, OCTOBER)
    assert set(kept) == {one.code for one in DEFINITIONS}
    assert [(row.numerator, row.denominator, row.reason) for row in kept["I1"]] == [(1, 1, "")]
    with pytest.raises(DomainError, match="déjà clos"):
        close_month(establishment=house, month=OCTOBER, now=LATER)
    with pytest.raises(IntegrityError, match="month_closed_once"), transaction.atomic():
        MonthlyFigure.objects.create(
            establishment=house, month="2026-10", code="I1", numerator=9, denominator=9, target=90,
            definition="x",
        )  # fmt: skip


def test_a_month_under_way_is_not_closed(house: Establishment) -> None:
    with pytest.raises(DomainError, match="n’est pas fini"):
        close_month(establishment=house, month=NOVEMBER, now=LATER)
    assert closed_figures(house, NOVEMBER) == {}


def test_a_correction_is_a_new_row_with_its_reason(house: Establishment) -> None:
    record, by = present(house), ProfessionalFactory.create()
    close_month(establishment=house, month=OCTOBER, now=LATER)
    HandoverNoteFactory.create(record=record, written_at=IN_OCTOBER)
    correct_month(
        establishment=house,
        month=OCTOBER,
        reason="Notes saisies en novembre.",
        by=by,
        now=LONG_AFTER,
    )
    rows = closed_figures(house, OCTOBER)["I1"]
    assert [(row.numerator, row.reason, row.corrected_by) for row in rows] == [
        (0, "", None),
        (1, "Notes saisies en novembre.", by),
    ]
    assert fractions(house)["I1"] == (0, 1)


@pytest.mark.parametrize(
    ("month", "reason", "code"),
    [
        (OCTOBER, " ", "correction_without_reason"),
        (NOVEMBER, "Oubli.", "month_not_closed"),
        (OCTOBER, "Oubli.", "nothing_to_correct"),
    ],
)
def test_a_correction_needs_a_reason_a_closed_month_and_a_difference(
    house: Establishment, month: Month, reason: str, code: str
) -> None:
    present(house)
    close_month(establishment=house, month=OCTOBER, now=LATER)
    with pytest.raises(DomainError) as refusal:
        correct_month(
            establishment=house, month=month, reason=reason, by=ProfessionalFactory.create(), now=LONG_AFTER
        )
    assert refusal.value.code == code


def test_the_month_that_ended_is_closed_by_itself_once(house: Establishment) -> None:
    close_months(timestamp=0)
    close_months(timestamp=0)
    assert MonthlyFigure.objects.filter(establishment=house).exclude(month="2026-08").count() == len(
        DEFINITIONS
    )


def test_a_count_asks_few_questions_whatever_the_number(
    house: Establishment, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        noted(present(house))
    with django_assert_max_num_queries(12):
        assert fractions(house)["I1"] == (3, 3)
