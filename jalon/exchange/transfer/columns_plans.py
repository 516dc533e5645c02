"""The columns of the personalised project, its parts and its agreements."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import (
    Bind,
    Codes,
    day,
    first_coded,
    first_note,
    first_words,
    links,
    moment,
    note,
    swapped,
    text,
    words,
)
from jalon.exchange.transfer.columns_stays import status
from jalon.exchange.transfer.times import parse_day
from jalon.formats.tddui.aims import Target
from jalon.formats.tddui.urls import SERAFIN
from jalon.formats.tddui.values import Period

PLAN_TYPES = Codes(
    "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r390-type-projet-personnalise", ("jdv-j367",)
)

PLAN = (
    text("title"),
    text("description"),
    first_coded("type_code", "types", PLAN_TYPES),
    status(),
    day("starts_on", "start"),
    day("ends_on", "end", last=True),
    first_note("communication", "communication"),
)

EXPECTATION = (
    note("origin", "origin"),
    words("description", "description"),
    first_note("comment", "comments"),
)

NEED = (
    first_coded("category", "categories", Codes(SERAFIN, ("JDV_J285",))),
    words("description", "description"),
    first_words("analysis", "analyses"),
    first_note("comment", "comments"),
)


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


GOAL = (
    note("title", "title"),
    words("description", "description"),
    status(),
    note("opinion", "opinion"),
    note("strategy", "strategy"),
    day("starts_on", "start"),
    _target("expected", "detail"),
    _target("due_on", "due", date=True),
    links("need_keys", "needs", "ServiceRequest"),
)

ACTION = (
    text("title"),
    text("description"),
    status(),
    text("opinion"),
    text("expected"),
    day("starts_on", "start"),
    day("ends_on", "end", last=True),
    links("goal_keys", "goals", "Goal"),
)


def _validity(column: str, bound: str) -> Bind:
    def get(data: Any) -> Any:
        return parse_day(getattr(data.validity, bound) if data.validity else "", last=bound == "end")

    def change(data: Any, value: Any) -> Any:
        held = replace(data.validity or Period(), **{bound: value.isoformat() if value else ""})
        return replace(data, validity=None if held == Period() else held)

    return Bind(column, get, change)


AGREEMENT = (
    moment("signed_at", "signed_on"),
    _validity("valid_from", "start"),
    _validity("valid_until", "end"),
)
