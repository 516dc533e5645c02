"""Personalised projects."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import Codes, day, first_coded, first_note, status, text
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.plan import KIND, PlanAgreement, PlanData
from jalon.formats.tddui.values import Link
from jalon.plans.models import PersonalPlan

PLAN_TYPES = Codes(
    "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r390-type-projet-personnalise", ("jdv-j367",)
)
TO_BE_AGREED = PlanAgreement("structure", Link(display="Accord de la structure non encore recueilli"))
"""The profile requires the structure's agreement (1..*): until it is given, nothing is invented."""


def plan(row: Any, owner: Link) -> PlanData:
    """A personalised project."""
    return PlanData(key=row.key, person=owner)


def _agreed(data: PlanData) -> PlanData:
    """The profile asks for the agreement of the house: until it is given, it is said to be awaited."""
    real = tuple(held for held in data.agreements if held.agreement != TO_BE_AGREED.agreement)
    waiting = () if any(held.side == "structure" for held in real) else (TO_BE_AGREED,)
    return replace(data, agreements=real + waiting)


_REVIEW = "the profile has no element for it: a review travels as a resource of its own"
TABLE = Table(
    kind=KIND,
    model=PersonalPlan,
    owner="record",
    binds=(
        text("title"),
        text("description"),
        first_coded("type_code", "types", PLAN_TYPES),
        status(),
        day("starts_on", "start"),
        day("ends_on", "end", last=True),
        first_note("communication", "communication"),
    ),
    make=plan,
    fill=_agreed,
    not_told={
        **dict.fromkeys(("review_on", "review", "review_words"), _REVIEW),
        "end_reason": "the profile has no element for it",
        "follows": "the profile has no element for it: goals keep their identifiers from plan to plan",
    },
)
