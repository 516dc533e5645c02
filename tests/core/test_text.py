"""Texts of one line are kept as they read; what changes what is read is refused with its place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.core.text import one_line, tidy


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("MAR\u200bTINESSAI", "MARTINESSAI"),
        ("MARTIN\u00adESSAI", "MARTINESSAI"),
        ("MARTIN\u2060ESSAI\ufeff", "MARTINESSAI"),
        ("DE  LA ESSAI", "DE LA ESSAI"),
        ("  12 rue\tdes Érables\r\nBât. B ", "12 rue des Érables Bât. B"),
        ("Zoe\u0301", "Zoé"),
    ],
)
def test_what_nobody_sees_is_left_out_and_words_are_one_space_apart(pasted: str, kept: str) -> None:
    assert one_line(pasted) == tidy(pasted) == kept


@pytest.mark.parametrize("refused", ["\u202e", "\u202a", "\u2066", "\u0007", "\u0000", "\u009f"])
def test_a_change_of_direction_and_a_control_character_are_refused_with_their_place(refused: str) -> None:
    with pytest.raises(DomainError, match=f"n° 4 .U.{ord(refused):04X}") as refusal:
        one_line(f"ESS{refused}AI", "birth_name")
    assert (refusal.value.code, refusal.value.place) == ("unseen_character", "birth_name")


@given(st.text())
def test_a_text_that_passes_is_one_line_stays_as_it_is_and_shows_all_it_holds(text: str) -> None:
    try:
        kept = one_line(text)
    except DomainError:
        return
    assert one_line(kept) == kept
    assert not {unicodedata.category(character) for character in kept} & {"Cc", "Cf", "Zl", "Zp"}
