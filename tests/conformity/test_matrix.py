"""What the page says for given proofs."""

import pytest

from tests.conformity.catalogue import Catalogue, Family, Requirement
from tests.conformity.matrix import contradictions, render, state

TEST = "tests/formats/test_soap.py::TestFault::test_a_fault_is_read"
PROOF = {"X.1": frozenset({TEST})}
THROUGH = {TEST}


def _row(status: str, note: str = "") -> Requirement:
    return Requirement("X.1", "vague 1", "texte", "Obligatoire", "commun", "Un a|b.", status, note)


def _catalogue(row: Requirement) -> Catalogue:
    return Catalogue((Family("Référence", "Famille", (row,)),))


@pytest.mark.parametrize("status", ["covered", "partial", "manual", "out_of_scope", "planned"])
def test_without_a_proof_the_written_status_stands(status: str) -> None:
    assert state(_row(status), {}, THROUGH) == status


def test_a_planned_row_that_a_test_proves_is_shown_as_partial() -> None:
    assert state(_row("planned"), PROOF, THROUGH) == "partial"


def test_a_proof_never_makes_a_row_covered_by_itself() -> None:
    assert {state(_row(status), PROOF, THROUGH) for status in ("planned", "partial")} == {"partial"}


@pytest.mark.parametrize("status", ["covered", "partial"])
def test_a_claim_without_a_passing_test_is_a_contradiction(status: str) -> None:
    assert contradictions(_catalogue(_row(status)), {}, THROUGH) == [
        f"X.1: {status}, but no passing test claims it"
    ]


def test_a_row_out_of_scope_that_a_test_proves_is_a_contradiction() -> None:
    row = _row("out_of_scope", "Ailleurs.")
    assert contradictions(_catalogue(row), PROOF, THROUGH) == ["X.1: out of scope, but a test claims it"]


@pytest.mark.parametrize("status", ["covered", "partial", "planned", "manual"])
def test_a_proven_row_contradicts_nothing(status: str) -> None:
    assert contradictions(_catalogue(_row(status)), PROOF, THROUGH) == []


def test_the_page_shows_the_state_the_test_and_the_note() -> None:
    page = render(_catalogue(_row("planned", "Une note.")), PROOF, THROUGH)
    expected = "| X.1 | Un a\\|b. | partielle | `formats/test_soap` a fault is read | Une note. |"
    assert expected in page.splitlines()


def test_the_totals_count_the_states_shown() -> None:
    page = render(_catalogue(_row("planned")), PROOF, THROUGH)
    assert "| **Référence** | 1 | 0 | 1 | 0 | 0 | 0 | 0 |" in page.splitlines()


def test_the_page_says_that_nothing_is_certified_and_ends_with_a_newline() -> None:
    page = render(_catalogue(_row("planned")), {}, THROUGH)
    assert "aucune homologation, aucun agrément, aucun référencement" in page
    assert page.endswith("|\n")


def test_a_row_that_library_code_alone_proves_is_not_held() -> None:
    assert state(_row("planned"), PROOF, set()) == "library"
    assert "bibliothèque seulement" in render(_catalogue(_row("planned")), PROOF, set())


@pytest.mark.parametrize("status", ["covered", "partial"])
def test_a_row_that_claims_more_than_library_code_is_a_contradiction(status: str) -> None:
    found = contradictions(_catalogue(_row(status)), PROOF, set())
    assert found == [f"X.1: {status}, but its tests call library code alone"]
