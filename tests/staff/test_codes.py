"""The code of a shared post: what is too easy, and what is kept of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.staff.codes import badge_digest, hashed, matches, refusal, trivial

GOOD = ["402917", "739205", "8150263", "604182937"]


@pytest.mark.parametrize("code", GOOD)
def test_an_ordinary_code_is_taken(code: str) -> None:
    assert refusal(code) == ""


@pytest.mark.parametrize(
    "code",
    [
        "111111", "121212", "112112", "123456", "987654", "135791", "890123", "246802", "123321", "310785",
        "850731", "31121999", "20260131", "123123", "454545", "112211",
    ],
)  # fmt: skip
def test_a_code_that_is_guessed_is_refused_with_what_to_do(code: str) -> None:
    assert "se devine" in refusal(code)
    assert "Choisissez-en un autre" in refusal(code)


@pytest.mark.parametrize("code", ["", "40291", "4029174029174", "40291a", "402 17", "４０２９１７", "-40291"])
def test_a_code_is_made_of_figures(code: str) -> None:
    assert refusal(code) == "Un code a de 6 à 12 chiffres, et rien d’autre."


@given(st.dates(dt.date(1930, 1, 1), dt.date(2030, 12, 31)), st.sampled_from(["%d%m%y", "%d%m%Y", "%y%m%d"]))
def test_no_day_of_a_life_is_a_code(day: dt.date, pattern: str) -> None:
    assert trivial(day.strftime(pattern))


def test_most_codes_are_good_all_the_same() -> None:
    good = sum(not trivial(f"{number:06d}") for number in range(0, 1_000_000, 97))
    assert good / len(range(0, 1_000_000, 97)) > 0.85


def test_what_is_kept_of_a_code_is_of_one_account_under_our_key(settings: object) -> None:
    kept, again = hashed("402917", "a"), hashed("402917", "a")
    assert kept != again, "each has its own salt"
    assert "402917" not in kept
    assert matches("402917", "a", kept)
    assert not matches("402917", "b", kept)
    assert not matches("402918", "a", kept)
    settings.JALON_HASH_KEY = "YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlcjE="  # type: ignore[attr-defined]  # a fixture
    assert not matches("402917", "a", kept), "without our key, a stolen table proves nothing"


def test_a_badge_is_read_the_same_whatever_the_reader_adds() -> None:
    assert badge_digest("04A2B3C4") == badge_digest(" 04a2b3c4\n")
    assert "04a2" not in badge_digest("04A2B3C4")
