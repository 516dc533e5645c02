"""Which search follows which answer."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.identity import Ins, Traits
from jalon.gateways.insi.messages import (
    Ambiguous,
    Answer,
    Attempt,
    Found,
    NotFound,
    Unusable,
    first_attempt,
    next_attempt,
)

PIERRE = Traits(
    "HOUILLES", "PIERRE-ALAIN", "PIERRE-ALAIN MURIEL FLORIANT", "M", dt.date(1993, 1, 27), "63220"
)


def follow(traits: Traits, *answers: Answer) -> list[Attempt]:
    attempts = [first_attempt(traits)]
    for answer in answers:
        following = next_attempt(attempts[-1], answer)
        if following is None:
            break
        attempts.append(following)
    return attempts


def test_the_first_search_sends_one_given_name_and_no_place() -> None:
    attempt = first_attempt(PIERRE)
    assert (attempt.given_names, attempt.birth_place, attempt.guess) == (("PIERRE-ALAIN",), False, False)


def test_after_several_people_the_other_given_names_come_then_the_birth_place_then_nothing() -> None:
    attempts = follow(PIERRE, *[Ambiguous()] * 5)
    assert [(attempt.given_names, attempt.birth_place) for attempt in attempts] == [
        (("PIERRE-ALAIN",), False),
        (("PIERRE-ALAIN", "MURIEL", "FLORIANT"), False),
        (("PIERRE-ALAIN", "MURIEL", "FLORIANT"), True),
    ]
    assert not any(attempt.guess for attempt in attempts)


def test_after_nobody_each_search_is_a_guess_to_confirm() -> None:
    first, *guesses = follow(PIERRE, *[NotFound()] * 9)
    assert not first.guess
    assert all(attempt.guess for attempt in guesses)
    assert [attempt.given_names for attempt in guesses] == [("PIERRE ALAIN",), ("MURIEL",), ("FLORIANT",)]


def test_the_birth_name_too_is_tried_with_its_other_hyphenation() -> None:
    traits = Traits("LE GOFF", "ANNE", "ANNE", "F", dt.date(1950, 1, 1), "99999")
    assert [attempt.birth_name for attempt in follow(traits, NotFound(), NotFound())] == [
        "LE GOFF",
        "LE-GOFF",
    ]


def test_an_unknown_birth_place_is_never_sent() -> None:
    traits = Traits("FICTIVE", "ANNE", "ANNE", "F", dt.date(1950, 1, 1), "99999")
    assert next_attempt(first_attempt(traits), Ambiguous()) is None


def test_a_composite_first_name_written_with_a_space_is_not_repeated_in_the_others() -> None:
    traits = Traits("FICTIVE", "Marie Anne", "MARIE ANNE LOUISE", "F", dt.date(1950, 1, 1), "38185")
    following = next_attempt(first_attempt(traits), Ambiguous())
    assert following is not None
    assert following.given_names == ("Marie Anne", "LOUISE")


def test_nothing_follows_an_answer_that_is_one_person() -> None:
    found = Found(Ins("275126322074974", "1.2.250.1.213.1.4.8"), PIERRE)
    assert next_attempt(first_attempt(PIERRE), found) is None
    assert next_attempt(first_attempt(PIERRE), Unusable("lunar_date")) is None


def test_a_trait_that_contradicts_the_register_ends_the_search() -> None:
    assert len(follow(PIERRE, Ambiguous(), NotFound())) == 2


NAMES = st.text("AB -'", min_size=1, max_size=6)


@settings(deadline=None)
@given(NAMES, NAMES, st.lists(NAMES).map(" ".join), st.lists(st.sampled_from([Ambiguous(), NotFound()])))
def test_no_search_is_ever_repeated(family: str, first: str, others: str, answers: list[Answer]) -> None:
    traits = Traits(family, first, f"{first} {others}", "F", dt.date(1950, 1, 1), "38185")
    attempts = follow(traits, *answers)
    assert len(attempts) == len(set(attempts))
