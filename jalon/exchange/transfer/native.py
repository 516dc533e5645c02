"""What rows born here say, whatever their class: codes, a state, the plan they are of."""

from dataclasses import replace
from typing import Any, TypeVar

from jalon.formats.tddui.classes.plan import PlanData
from jalon.formats.tddui.values import Coded, Link

D = TypeVar("D", bound=Any)
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def typed(code: str, system: str, display: str = "") -> Coded:
    """What an identifier is."""
    return Coded(system=system, code=code, display=display)


def with_status(data: D) -> D:
    """A status is required: unknown when nobody told it."""
    held = data.status
    filled: D = data if held.code or held.fhir else replace(data, status=replace(held, fhir="unknown"))
    return filled


def plan_of(row: Any) -> Link:
    """The plan a part of it is of."""
    return Link(to="CarePlan", key=row.plan.key)


def aimed_at(plan: PlanData, row: Any) -> PlanData:
    """The plan naming an expectation or a goal."""
    return replace(plan, goals=(*plan.goals, Link(to="Goal", key=row.key)))
