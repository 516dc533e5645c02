"""Actions of a plan."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import day, links, status, text
from jalon.exchange.transfer.native import plan_of
from jalon.exchange.transfer.table import Table, ref
from jalon.formats.tddui.classes.action import KIND, ActionData
from jalon.formats.tddui.classes.plan import Activity, PlanData
from jalon.formats.tddui.values import Link
from jalon.plans.models import Action


def action(row: Any, owner: Link) -> ActionData:
    """An action."""
    return ActionData(key=row.key, person=owner, plan=plan_of(row))


def _planned(plan: PlanData, row: Any) -> PlanData:
    return replace(plan, activities=(*plan.activities, Activity(reference=Link(to="Task", key=row.key))))


TABLE = Table(
    kind=KIND,
    model=Action,
    owner="plan",
    binds=(
        text("title"),
        text("description"),
        status(),
        text("opinion"),
        text("expected"),
        day("starts_on", "start"),
        day("ends_on", "end", last=True),
        links("goal_keys", "goals", "Goal"),
    ),
    refs=(ref("responsible", "owner", "Practitioner"),),
    make=action,
    named=_planned,
)
