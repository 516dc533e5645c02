"""A plan signed once, closed for a reason, and followed by another."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.plans.actions import agree, edit_part, end, move, open_plan, review, sign, succeed
from jalon.plans.models import Agreement, AimStatus, EndReason, PersonalPlan, PlanStatus, PlanVersion
from jalon.plans.queries import changes_since, current_plan
from tests.factories import (
    NOW,
    TODAY,
    ActionFactory,
    GoalFactory,
    ManagingBodyFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
)

HANDS = 4
AGAIN = pytest.mark.django_db(transaction=True)

BORN = dt.date(1951, 5, 17)  # of age: they agree for themselves


def refusal_of(act: Callable[..., object], **arguments: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        act(**arguments)
    return refusal.value.code


# --- signed once --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_unchanged_plan_is_not_signed_again_and_the_refusal_names_its_version(body: ManagingBody) -> None:
    plan = PlanFactory.create(record__person__birth_date=BORN, signed=True)
    with pytest.raises(DomainError, match="depuis la version 1") as refusal:
        sign(plan=plan, by=ProfessionalFactory.create(), now=NOW)
    assert refusal.value.code == "already_signed"
    assert plan.versions.count() == 1
    assert plan.agreements.filter(side=Agreement.Side.HOUSE).count() == 1


@pytest.mark.django_db
def test_a_pause_is_no_change_of_what_was_signed(body: ManagingBody) -> None:
    plan = move(
        plan=PlanFactory.create(record__person__birth_date=BORN, signed=True), to=PlanStatus.PAUSED, by=None
    )
    assert refusal_of(sign, plan=plan, by=ProfessionalFactory.create(), now=NOW) == "already_signed"


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["a goal", "an agreement", "an identity"])
def test_what_changed_may_be_signed(body: ManagingBody, change: str) -> None:
    plan = PlanFactory.create(record__person__birth_date=BORN, signed=True)
    if change == "a goal":
        edit_part(part=plan.goals.get(), by=None, title="Autre but")
    elif change == "an agreement":
        agree(plan=plan, side=Agreement.Side.PERSON, now=NOW, by=None)
    else:  # signed when nobody knew who it was: its document names nobody, and could not leave
        qualified = RecordFactory.create(person__with_qualified_identity=True).person
        plan.record.person = qualified
        plan.record.save()
    assert changes_since(PersonalPlan.objects.get(pk=plan.pk), plan.versions.get())
    assert sign(plan=plan, by=ProfessionalFactory.create(), now=NOW).number == 2


def at_once(body: Any, act: Callable[[], object]) -> list[str]:
    """What came of this act done by several hands at the same instant: "" or the code of its refusal."""
    start, told = threading.Barrier(HANDS), list[str]()

    def hand() -> None:
        try:
            start.wait()
            with tenant(body):
                act()
            told.append("")
        except DomainError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    hands = [threading.Thread(target=hand) for _ in range(HANDS)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    return sorted(told)


@AGAIN
def test_four_people_who_sign_one_content_at_the_same_instant_make_one_version() -> None:
    body = ManagingBodyFactory.create().pk
    with tenant(body):
        plan, chief = (
            PlanFactory.create(record__person__birth_date=BORN, ready=True),
            ProfessionalFactory.create(),
        )
    told = at_once(body, lambda: sign(plan=plan, by=chief, now=NOW))
    assert told == ["", *["already_signed"] * (HANDS - 1)]
    with tenant(body):
        assert PlanVersion.objects.count() == 1


@AGAIN
def test_four_people_who_open_a_plan_at_the_same_instant_open_one() -> None:
    body = ManagingBodyFactory.create().pk
    with tenant(body):
        record = RecordFactory.create()
    told = at_once(body, lambda: open_plan(record=record, title="Mon projet", by=None))
    assert told == ["", *["plan_already_open"] * (HANDS - 1)]


@AGAIN
def test_four_people_who_follow_a_plan_at_the_same_instant_make_one_successor() -> None:
    body = ManagingBodyFactory.create().pk
    with tenant(body):
        plan = end(
            plan=PlanFactory.create(record__person__birth_date=BORN, signed=True),
            end_reason="bilan",
            on=TODAY,
            by=None,
        )
    told = at_once(body, lambda: succeed(plan=plan, title="La suite", by=None))
    assert told == ["", *["plan_already_open"] * (HANDS - 1)]
    with tenant(body):
        assert plan.followed_by.count() == 1


# --- closed, then followed ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "ailleurs"])
def test_a_plan_is_not_closed_without_a_reason(body: ManagingBody, reason: str) -> None:
    plan = PlanFactory.create(record__person__birth_date=BORN, signed=True)
    assert refusal_of(end, plan=plan, on=TODAY, by=None, end_reason=reason) == "end_without_reason"
    assert refusal_of(end, plan=plan, on=TODAY, by=None) == "end_without_reason"
    assert refusal_of(move, plan=plan, to=PlanStatus.ENDED, by=None) == "plan_cannot_move"
    plan.refresh_from_db()
    assert plan.status == PlanStatus.RUNNING


@pytest.mark.django_db
def test_a_plan_that_did_not_begin_does_not_end(body: ManagingBody) -> None:
    assert (
        refusal_of(
            end,
            plan=PlanFactory.create(record__person__birth_date=BORN),
            on=TODAY,
            by=None,
            end_reason="refus",
        )
        == "plan_cannot_move"
    )


@pytest.mark.django_db
def test_a_closed_plan_keeps_its_day_its_reason_and_its_review(body: ManagingBody) -> None:
    plan = PlanFactory.create(record__person__birth_date=BORN, signed=True)
    end(plan=plan, on=TODAY, by=None, end_reason=EndReason.REACHED, review="Fait.", review_words="Content.")
    plan.refresh_from_db()
    assert (plan.status, plan.ends_on, plan.end_reason) == (PlanStatus.ENDED, TODAY, "atteint")
    review(plan=plan, by=None, review="Fait, et bien fait.")
    plan.refresh_from_db()
    assert (plan.review, plan.review_words) == ("Fait, et bien fait.", "Content.")


@pytest.mark.django_db
def test_the_database_keeps_a_reason_for_a_closed_plan(body: ManagingBody) -> None:
    with pytest.raises(IntegrityError, match="plan_closed_for_a_reason"), transaction.atomic():
        PlanFactory.create(record__person__birth_date=BORN, end_reason="bilan")


@pytest.mark.django_db
def test_what_still_holds_goes_on_in_the_next_plan_under_its_own_key(body: ManagingBody) -> None:
    plan = PlanFactory.create(record__person__birth_date=BORN, ready=True)
    reached = GoalFactory.create(plan=plan, title="Prendre le bus", status=AimStatus.ENDED)
    under_way = plan.goals.exclude(pk=reached.pk).get()
    action = ActionFactory.create(plan=plan, goal_keys=[under_way.key])
    dropped = ActionFactory.create(plan=plan, status=AimStatus.CANCELLED)
    sign(plan=plan, by=ProfessionalFactory.create(), now=NOW)
    assert refusal_of(succeed, plan=plan, title="La suite", by=None) == "plan_not_ended"
    end(plan=plan, on=TODAY, by=None, end_reason=EndReason.REVIEWED)
    new = succeed(plan=plan, title="La suite", by=None)
    assert (new.follows, new.status, current_plan(plan.record_id)) == (plan, PlanStatus.PREPARATION, new)
    assert [(goal.pk, goal.key) for goal in new.goals.all()] == [(under_way.pk, under_way.key)]
    assert new.actions.get().key == action.key
    assert new.expectations.count() == 1
    assert set(plan.goals.all()) == {reached}
    assert set(plan.actions.all()) == {dropped}
    kept = {goal["key"] for goal in plan.versions.get().content["goals"]}
    assert kept == {reached.key, under_way.key}, "what was signed reads as it did"
    assert not new.agreements.exists(), "the person agrees to the new one"
