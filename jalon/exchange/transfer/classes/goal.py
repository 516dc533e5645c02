"""Goals."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import Bind, day, links, note, status, swapped, words
from jalon.exchange.transfer.native import aimed_at, plan_of
from jalon.exchange.transfer.table import Table, ref
from jalon.exchange.transfer.times import parse_day
from jalon.formats.tddui.aims import Target
from jalon.formats.tddui.classes.goal import KIND, GoalData
from jalon.formats.tddui.values import Coded, Link
from jalon.plans.models import Goal


def _target(column: str, element: str, *, date: bool = False) -> Bind:
    """The expected result or the due date of the first target of a goal."""

    def get(data: Any) -> Any:
        held = getattr(data.targets[0], element) if data.targets else ""
        return parse_day(held, last=True) if date else held

    def change(data: Any, value: Any) -> Any:
        held = data.targets[0] if data.targets else Target()
        told = (value.isoformat() if value else "") if date else value
        new = _measured(replace(held, **{element: told}))
        if new == Target(measure_absent=new.measure_absent):
            new = Target()
        return replace(data, targets=swapped(data.targets, 0 if data.targets else None, new))

    return Bind(column, get, change)


def _measured(target: Target) -> Target:
    """R4 (gol-1): a target with a detail has a measure, or says why there is none."""
    if not target.detail or target.measure or target.measure_absent:
        return target
    return replace(target, measure_absent="unknown")


def goal(row: Any, owner: Link) -> GoalData:
    """A goal."""
    return GoalData(key=row.key, person=owner, plan=plan_of(row))


def _described(data: GoalData) -> GoalData:
    """A goal has a description (R4): its title when nobody wrote more."""
    if data.description or not data.title:
        return data
    return replace(data, description=Coded(text=data.title.text))


TABLE = Table(
    kind=KIND,
    model=Goal,
    owner="plan",
    binds=(
        note("title", "title"),
        words("description", "description"),
        status(),
        note("opinion", "opinion"),
        note("strategy", "strategy"),
        day("starts_on", "start"),
        _target("expected", "detail"),
        _target("due_on", "due", date=True),
        links("need_keys", "needs", "ServiceRequest"),
    ),
    refs=(ref("responsible", "expressed_by", "Practitioner"),),
    make=goal,
    named=aimed_at,
    fill=_described,
)
