"""The personal plan on paper: what the person says, needs, goals and means, who agreed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from jalon.core import dates
from jalon.core.typography import NBSP
from jalon.formats.paper import Agreement, Establishment, Identity
from jalon.formats.pdf_values import common, in_a_sentence, lines, period

_WHOLE_LENGTH, _WHOLE_ACTIONS = 1500, 6


@dataclass(frozen=True, slots=True)
class Expectation:
    """The words of the person, or of someone close: quoted as they were said."""

    words: str
    speaker: str = ""
    said_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A need, with its code in SERAFIN-PH (« 1.3.2 »)."""

    code: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    description: str
    responsible: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    title: str
    description: str = ""
    expected_result: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    responsible: str = ""
    status: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPdf:
    """A version of a personal plan."""

    template: ClassVar[str] = "plan.typ"

    title: str
    identity: Identity
    establishment: Establishment
    written: dt.datetime
    version: int
    authors: tuple[str, ...]
    start: dt.date | None = None
    end: dt.date | None = None
    summary: str = ""
    expectations_title: str = "Les attentes"
    expectations: tuple[Expectation, ...] = ()
    needs: tuple[Need, ...] = ()
    goals: tuple[Goal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    readable: bool = False

    def values(self) -> dict[str, Any]:
        when = period(self.start, self.end)
        return {
            **common(self, [f"Projet {in_a_sentence(when)}."] if when else []),
            "summary": lines(self.summary),
            "expectations-title": self.expectations_title,
            "expectations": [_expectation(said) for said in self.expectations],
            "needs": [
                {"code": need.code, "label": need.label, "detail": lines(need.detail)} for need in self.needs
            ],
            "goals": [_goal(rank, goal) for rank, goal in enumerate(self.goals, 1)],
        }


def _expectation(said: Expectation) -> dict[str, Any]:
    on = f"le {dates.full_date(said.said_on)}" if said.said_on else ""
    return {"words": said.words, "who": ", ".join(filter(None, (said.speaker, on)))}


def _goal(rank: int, goal: Goal) -> dict[str, Any]:
    facts = (
        ("Responsable", goal.responsible),
        ("Période", period(goal.start, goal.end)),
        ("État", goal.status),
    )
    return {
        "number": f"{rank}.",
        "short": _is_short(goal),
        "first": rank == 1,
        "title": goal.title,
        "facts": [{"label": f"{label}{NBSP}:", "value": value} for label, value in facts if value],
        "description": lines(goal.description),
        "expected": lines(goal.expected_result),
        "actions": [_action(action) for action in goal.actions],
    }


def _is_short(goal: Goal) -> bool:
    """Short enough to be kept on one page, but the first, which would leave a hole under its heading."""
    length = len(goal.description) + len(goal.expected_result) + sum(len(a.description) for a in goal.actions)
    return length < _WHOLE_LENGTH and len(goal.actions) <= _WHOLE_ACTIONS


def _action(action: Action) -> dict[str, Any]:
    when = ", ".join(filter(None, (action.frequency, in_a_sentence(period(action.start, action.end)))))
    return {"description": lines(action.description), "responsible": action.responsible, "when": when}
