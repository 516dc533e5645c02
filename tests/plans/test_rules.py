"""When a plan moves, what it lacks to be signed, when it is due."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.plans.models import PlanStatus
from jalon.plans.rules import (
    TRANSITIONS,
    agreement_lacking,
    changes_between,
    may_move,
    missing_to_sign,
    review_due,
    to_know_before_signing,
)

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


def lacks(
    *, goals: int = 1, expectations: int = 1, agreement: str = "", ended: bool = False, dead: bool = False
) -> list[str]:
    return missing_to_sign(
        goals=goals, expectations=expectations, agreement=agreement, ended=ended, dead=dead
    )


def test_a_whole_plan_lacks_nothing() -> None:
    assert lacks() == []


def test_each_thing_missing_is_named() -> None:
    assert lacks(goals=0) == ["aucun objectif n’est fixé"]
    assert lacks(expectations=0) == ["aucune attente n’est notée"]
    assert lacks(agreement="La date est inconnue.") == ["la date est inconnue"]
    assert lacks(ended=True) == ["le projet est terminé"]
    assert lacks(dead=True) == [
        "la personne est décédée\N{NO-BREAK SPACE}: son projet se clôt, il ne se signe plus"
    ]


def test_who_has_still_to_agree_is_named_and_who_would_when_the_person_cannot() -> None:
    person, both = ["la personne"], ["la personne", "Iris FICTIF"]
    assert agreement_lacking(person, person) == "l’accord n’est pas recueilli (à demander : la personne)"
    assert agreement_lacking(both, both) == (
        "l’accord n’est pas recueilli (à demander : la personne et Iris FICTIF)"
    )
    assert agreement_lacking(person, ["Iris FICTIF"]) == (
        "l’accord n’est pas recueilli (à demander : la personne ; "
        "si la personne ne peut pas exprimer sa volonté : Iris FICTIF)"
    )


def test_everything_missing_is_said_at_once() -> None:
    assert len(lacks(goals=0, expectations=0, agreement="l’accord manque", ended=True)) == 4


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_a_signed_plan_is_reviewed_within_the_year(signed_on: dt.date) -> None:
    assert dt.timedelta(0) < review_due(signed_on) - signed_on <= dt.timedelta(days=366)


CONTENT = {
    "key": "P", "title": "Mon projet", "status": "ENCOURS", "review_on": "2027-11-22",
    "goals": [{"key": "G1", "title": "Aller au marché", "responsible": "Inès"}],
    "agreements": [{"key": "A1", "side": "usager"}, {"key": "A2", "side": "structure"}],
}  # fmt: skip


def test_a_content_says_the_same_as_itself_whatever_the_state_and_the_names() -> None:
    paused = CONTENT | {"status": "ENPAUSE", "review_on": "2028-01-01"}
    renamed = [CONTENT["goals"][0] | {"responsible": "Inès Bourrache"}]
    signed = [*CONTENT["agreements"], {"key": "A3", "side": "structure"}]
    assert changes_between(CONTENT, paused | {"goals": renamed, "agreements": signed}) == []


@pytest.mark.parametrize(
    ("present", "said"),
    [
        ({"title": "Autre"}, ["le texte ou les dates du projet"]),
        ({"goals": []}, ["1 objectif retiré"]),
        ({"goals": [{"key": "G1", "title": "Autre"}]}, ["1 objectif modifié"]),
        ({"actions": [{"key": "C1"}, {"key": "C2"}]}, ["2 actions ajoutées"]),
        ({"agreements": [*CONTENT["agreements"], {"key": "A4", "side": "usager"}]}, ["1 accord ajouté"]),
    ],
)
def test_what_changed_is_said_in_words(present: dict[str, object], said: list[str]) -> None:
    assert changes_between(CONTENT, CONTENT | present) == said


def test_what_should_be_known_before_signing_is_said() -> None:
    assert to_know_before_signing(needs=1, qualified=True, agreed_since=True) == []
    assert len(to_know_before_signing(needs=0, qualified=False, agreed_since=False)) == 3
