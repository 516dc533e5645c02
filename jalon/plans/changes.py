"""What a use case may set of a plan and of its parts. A plan's status is not among it: it moves by rule."""

import datetime as dt
from typing import Any, TypedDict

from jalon.plans.models import Action, Expectation, Goal, Need
from jalon.staff.models import Professional


class PlanDetails(TypedDict, total=False):
    """A plan, beside its title."""

    description: str
    type_code: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    review_on: dt.date | None
    communication: str


class ReviewChanges(TypedDict, total=False):
    """The review of a plan."""

    review: str
    review_words: str


class EndDetails(ReviewChanges, total=False):
    """The end of a plan: why, and its review."""

    end_reason: str


class PlanChanges(PlanDetails, total=False):
    """A plan."""

    title: str


class ExpectationChanges(TypedDict, total=False):
    """An expectation."""

    origin: str
    description: str
    comment: str


class NeedChanges(TypedDict, total=False):
    """A need."""

    category: str
    description: str
    analysis: str
    comment: str


class AimChanges(TypedDict, total=False):
    """What goals and actions share."""

    title: str
    description: str
    status: str
    opinion: str
    expected: str
    starts_on: dt.date | None
    responsible: Professional | None


class GoalChanges(AimChanges, total=False):
    """A goal."""

    strategy: str
    due_on: dt.date | None
    need_keys: list[str]


class ActionChanges(AimChanges, total=False):
    """An action."""

    ends_on: dt.date | None
    goal_keys: list[str]


class PartChanges(ExpectationChanges, NeedChanges, GoalChanges, ActionChanges, total=False):
    """A part of a plan, of whatever kind; `PART_CHANGES` closes each kind at run time."""


PART_CHANGES: dict[type[Any], type[Any]] = {
    Expectation: ExpectationChanges,
    Need: NeedChanges,
    Goal: GoalChanges,
    Action: ActionChanges,
}


class AgreementChanges(TypedDict, total=False):
    """An agreement: its dates, and the person's words."""

    signed_at: dt.datetime
    words: str
    valid_from: dt.date | None
    valid_until: dt.date | None
