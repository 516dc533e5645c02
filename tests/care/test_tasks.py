"""What a note leaves to be taken over: one has it, it is done once, nothing is left of who died or left."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jalon.audit.models import Entry
from jalon.care import relay
from jalon.care.models import Family, Task
from jalon.care.queries import tasks_left, team_of
from jalon.care.rules import is_late
from jalon.core.errors import DomainError
from jalon.db.past import versions
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.staff.models import Professional
from jalon.staff.rules import ContentClass, Role
from tests.care.factories import TaskFactory
from tests.care.sights import houses_of, no_house
from tests.factories import (
    NOW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    AccountFactory,
    HandoverNoteFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    RecordFactory,
    StayFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=5)
NOON = dt.time(12)


def ask(**changes: Any) -> Task:
    said = {"what": "Rappeler la pharmacie", "now": NOW, "today": TODAY} | changes
    said.setdefault("note", HandoverNoteFactory())
    said.setdefault("by", ProfessionalFactory())
    return relay.ask(**said)


def worker(record: Any, role: str = Role.EDUCATOR, **where: Any) -> Professional:
    professional = ProfessionalFactory.create(account=AccountFactory.create())
    MembershipFactory.create(
        professional=professional, role=role, establishment=where.get("establishment", record.establishment),
        unit=where.get("unit"),
    )  # fmt: skip
    return professional


def refused(code: str, act: Any, **said: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        act(**said)
    assert refusal.value.code == code
    return str(refusal.value)


def left(task: Task, *, health: bool = True) -> list[Task]:
    here = houses_of(task.record)
    return list(tasks_left(here, narrow={} if health else {ContentClass.HEALTH: no_house()}))


def test_a_task_says_what_by_when_and_to_whom(body: ManagingBody) -> None:
    note = HandoverNoteFactory()
    who = worker(note.record)
    task = ask(note=note, what="  Rappeler  la pharmacie ", due_on=TOMORROW, due_time=NOON, holder=who)
    assert (task.what, task.due_on, task.due_time, task.holder) == (
        "Rappeler la pharmacie",
        TOMORROW,
        NOON,
        who,
    )
    assert Entry.objects.get(action="care.task_asked").facts == {"task": str(task.pk)}, (
        "and none of its words"
    )


def test_an_hour_without_a_day_is_of_today(body: ManagingBody) -> None:
    assert ask(due_time=NOON).due_on == TODAY


def test_a_task_without_a_day_stays_until_it_is_done(body: ManagingBody) -> None:
    task = ask()
    assert (task.due_on, task.holder, left(task)) == (None, None, [task])


def test_what_makes_no_task_is_refused(body: ManagingBody) -> None:
    refused("empty_task", ask, what=" ")
    refused("due_before_today", ask, due_on=YESTERDAY)
    refused("note_withdrawn", ask, note=HandoverNoteFactory(withdrawn_at=NOW))


def test_the_database_refuses_an_empty_task_an_hour_of_no_day_and_a_task_done_by_nobody(
    body: ManagingBody,
) -> None:
    for wrong, constraint in (
        ({"what": ""}, "task_says_something"),
        ({"due_time": NOON}, "task_hour_of_a_day"),
        ({"done_at": NOW}, "task_done_by_somebody"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            TaskFactory(**wrong)


def test_it_is_left_to_whoever_works_with_the_person_and_reads_such_notes(body: ManagingBody) -> None:
    unit = UnitFactory()
    record = RecordFactory(establishment=unit.establishment, unit=unit)
    house, own = worker(record, Role.NURSE), worker(record, unit=unit)
    other_unit = worker(record, unit=UnitFactory(establishment=unit.establishment))
    elsewhere, secretary = worker(RecordFactory()), worker(record, Role.SECRETARY)
    gone = worker(record)
    gone.memberships.update(ends_on=YESTERDAY)
    assert set(team_of(record, family=Family.DAILY, today=TODAY)) == {house, own}
    assert set(team_of(record, family=Family.HEALTH, today=TODAY)) == {house}
    note = HandoverNoteFactory(record=record)
    for wrong in (other_unit, elsewhere, secretary, gone):
        assert str(wrong) in refused("not_of_the_team", ask, note=note, holder=wrong)
    refused("not_of_the_team", ask, note=HandoverNoteFactory(record=record, of_health=True), holder=own)


def test_of_two_who_take_it_one_has_it_and_the_other_is_told_who(body: ManagingBody) -> None:
    task, first, second = TaskFactory(), ProfessionalFactory(), ProfessionalFactory()
    relay.take(task=task, by=first, today=TODAY)
    relay.take(task=task, by=first, today=TODAY)
    said = refused("task_taken", relay.take, task=task, by=second, today=TODAY)
    assert said == f"{first} s’en charge déjà."
    assert Entry.objects.filter(action="care.task_taken").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_at_the_same_instant_are_one_and_one_told() -> None:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        task, people = TaskFactory.create(), [ProfessionalFactory.create() for _ in range(2)]
    start, said = threading.Barrier(2), []

    def press(who: Professional) -> None:
        try:
            start.wait(5)
            with tenant(body.pk):
                said.append(relay.take(task=task, by=who, today=TODAY).holder)
        except DomainError as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=(one,)) for one in people]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with tenant(body.pk):
        holder = Task.objects.get(pk=task.pk).holder
    assert holder in people
    assert {str(one) for one in said} == {str(holder), f"{holder} s’en charge déjà."}


def test_it_goes_back_to_the_team_when_whoever_had_it_cannot(body: ManagingBody) -> None:
    task = TaskFactory(holder=ProfessionalFactory())
    assert relay.hand_back(task=task, by=ProfessionalFactory(), today=TODAY).holder is None
    relay.hand_back(task=task, by=ProfessionalFactory(), today=TODAY)
    assert Entry.objects.filter(action="care.task_handed_back").count() == 1


def test_done_says_by_whom_and_when_and_leaves_the_list(body: ManagingBody) -> None:
    task, who = TaskFactory(holder=ProfessionalFactory()), ProfessionalFactory()
    done = relay.finish(task=task, by=who, now=NOW, today=TODAY)
    assert (done.done_by, done.done_at, left(task)) == (who, NOW, [])
    assert relay.finish(task=task, by=who, now=LATER, today=TODAY).done_at == NOW, "twice is once"
    for act in (relay.take, relay.hand_back):
        assert str(who) in refused("task_done", act, task=task, by=ProfessionalFactory(), today=TODAY)
    refused("task_done", relay.finish, task=task, by=ProfessionalFactory(), now=NOW, today=TODAY)


def test_done_by_a_slip_is_undone_at_once_by_whoever_said_it(body: ManagingBody) -> None:
    task, who = TaskFactory(), ProfessionalFactory()
    relay.finish(task=task, by=who, now=NOW, today=TODAY)
    refused("not_the_author", relay.reopen, task=task, by=ProfessionalFactory(), now=NOW)
    refused("too_late_to_undo", relay.reopen, task=task, by=who, now=LATER)
    relay.reopen(task=task, by=who, now=NOW)
    relay.reopen(task=task, by=who, now=NOW)
    assert left(task) == [task]


def test_what_was_just_asked_is_taken_back_and_history_keeps_it(body: ManagingBody) -> None:
    task = ask()
    refused("not_the_author", relay.cancel, task=task, by=ProfessionalFactory(), now=NOW)
    refused("too_late_to_undo", relay.cancel, task=task, by=task.asked_by, now=LATER)
    relay.cancel(task=task, by=task.asked_by, now=NOW)
    assert not Task.objects.exists()
    assert set(versions(Task).values_list("pgh_label", flat=True)) == {"insert", "delete"}


def test_what_is_done_is_not_taken_back(body: ManagingBody) -> None:
    task = ask()
    relay.finish(task=task, by=ProfessionalFactory(), now=NOW, today=TODAY)
    refused("task_done", relay.cancel, task=task, by=task.asked_by, now=NOW)


def test_a_task_of_a_health_note_is_left_to_whoever_reads_health(body: ManagingBody) -> None:
    task = TaskFactory(note=HandoverNoteFactory(of_health=True))
    assert (left(task), left(task, health=False)) == ([task], [])


def test_what_is_due_comes_first_then_what_has_no_day(body: ManagingBody) -> None:
    note = HandoverNoteFactory()
    dues = [(None, None), (TOMORROW, NOON), (TODAY, None), (TODAY, NOON)]
    tasks = [TaskFactory(note=note, due_on=day, due_time=hour) for day, hour in dues]
    assert left(tasks[0]) == tasks[::-1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person__died_on": YESTERDAY}, "La personne est décédée"),
        ({"person__death_reported": True}, "La personne est décédée"),
        ({"closed_on": YESTERDAY}, "L’accompagnement est terminé"),
    ],
)
def test_of_who_died_or_left_nothing_is_left_and_it_is_said(
    body: ManagingBody, changes: dict[str, Any], said: str
) -> None:
    task = TaskFactory(note=HandoverNoteFactory(record=RecordFactory(**changes)))
    assert left(task) == []
    by, gestures = ProfessionalFactory(), (relay.take, relay.hand_back)
    sentences = {refused("nothing_left", act, task=task, by=by, today=TODAY) for act in gestures}
    sentences.add(refused("nothing_left", relay.finish, task=task, by=by, now=NOW, today=TODAY))
    sentences.add(refused("nothing_left", ask, note=task.note))
    (sentence,) = sentences
    assert sentence.startswith(said)
    assert sentence.endswith("il n’y a plus rien à reprendre.")


def test_a_stay_that_is_over_leaves_nothing_and_a_new_one_does(body: ManagingBody) -> None:
    task = TaskFactory()
    StayFactory(record=task.record, starts_on=dt.date(2026, 1, 5), ends_on=TODAY)
    assert left(task) == [task], "the day one leaves is a day of the stay"
    task.record.stays.update(ends_on=YESTERDAY)
    assert left(task) == []
    assert "terminé" in refused("nothing_left", relay.take, task=task, by=ProfessionalFactory(), today=TODAY)
    StayFactory(record=task.record, starts_on=TODAY)
    assert left(task) == [task]


def test_a_withdrawn_note_leaves_nothing(body: ManagingBody) -> None:
    task = TaskFactory(note=HandoverNoteFactory(withdrawn_at=NOW))
    assert left(task) == []
    refused("note_withdrawn", relay.take, task=task, by=ProfessionalFactory(), today=TODAY)


@pytest.mark.parametrize(
    ("due", "late"),
    [
        ((None, None), False),
        ((YESTERDAY, None), True),
        ((TODAY, None), False),
        ((TODAY, dt.time(10, 29)), True),
        ((TODAY, dt.time(10, 31)), False),
        ((TOMORROW, dt.time(0)), False),
    ],
)
def test_a_task_is_late_once_its_hour_or_else_its_day_is_past(due: Any, late: bool) -> None:
    assert is_late(*due, dt.datetime.combine(TODAY, dt.time(10, 30), dt.UTC)) is late
