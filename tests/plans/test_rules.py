"""When a plan moves, what it lacks to be signed, when it is due."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.plans.models import PlanStatus
from jalon.plans.rules import TRANSITIONS, may_move, missing_to_sign, review_due

#                 to: ENPREPARATION  ENCOURS  ENPAUSE  TERMINE
ALLOWED = {
    "ENPREPARATION": (False, True, False, False),
    "ENCOURS": (False, False, True, True),
    "ENPAUSE": (False, True, False, True),
    "TERMINE": (False, False, False, False),
}


def test_every_status_has_its_transitions() -> None:
    assert list(ALLOWED) == list(PlanStatus.values)
    assert set(TRANSITIONS) == set(PlanStatus.values)


@pytest.mark.parametrize(("current", "wanted"), list(itertools.product(PlanStatus.values, repeat=2)))
def test_a_plan_moves_as_the_table_says_and_not_otherwise(current: str, wanted: str) -> None:
    assert may_move(current, wanted) == ALLOWED[current][PlanStatus.values.index(wanted)]


@given(st.text(max_size=15))
def test_a_plan_of_a_status_nobody_knows_goes_nowhere(status: str) -> None:
    if status not in PlanStatus.values:
        assert not any(may_move(status, wanted) for wanted in PlanStatus.values)
        assert not any(may_move(current, status) for current in PlanStatus.values)


def lacks(*, goals: int = 1, expectations: int = 1, agreed: bool = True, ended: bool = False) -> list[str]:
    return missing_to_sign(goals=goals, expectations=expectations, person_agreed=agreed, ended=ended)


def test_a_whole_plan_lacks_nothing() -> None:
    assert lacks() == []


def test_each_thing_missing_is_named() -> None:
    assert lacks(goals=0) == ["aucun objectif n’est fixé"]
    assert lacks(expectations=0) == ["aucune attente n’est notée"]
    assert lacks(agreed=False) == ["l’accord de la personne ou de son représentant n’est pas recueilli"]
    assert lacks(ended=True) == ["le projet est terminé"]


def test_everything_missing_is_said_at_once() -> None:
    assert len(lacks(goals=0, expectations=0, agreed=False, ended=True)) == 4


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_a_signed_plan_is_reviewed_within_the_year(signed_on: dt.date) -> None:
    assert dt.timedelta(0) < review_due(signed_on) - signed_on <= dt.timedelta(days=366)
