"""What may leave, whose a document is, what to do after a cut: every case of three small tables."""

import itertools
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.exchange.rules import (
    Claim,
    Match,
    Next,
    Recovery,
    Sending,
    match,
    recover,
    refusal,
)

FIT = Sending(
    of_ours=True,
    qualified=True,
    doubtful=False,
    opposed=False,
    connected=True,
    has_clinical_document=True,
    names_the_person=True,
)
OBSTACLES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"doubtful": True}, "douteuse"),
    ({"qualified": False}, "pas qualifiée"),
    ({"opposed": True}, "s’y oppose"),
    ({"of_ours": False}, "Ce type de document"),
    ({"has_clinical_document": False}, "pas de version clinique"),
    ({"names_the_person": False}, "ne porte pas l’INS"),
    ({"connected": False}, "pas connecté"),
)


# --- what may leave -----------------------------------------------------------------------------------------


def test_a_fit_document_of_a_qualified_person_may_leave() -> None:
    assert refusal(FIT) is None


@pytest.mark.parametrize(("obstacle", "words"), OBSTACLES, ids=[words for _, words in OBSTACLES])
def test_each_obstacle_alone_stops_the_document_with_its_own_reason(
    obstacle: dict[str, Any], words: str
) -> None:
    reason = refusal(replace(FIT, **obstacle))
    assert reason is not None
    assert words in reason
    assert reason.endswith(".")


def test_of_several_obstacles_the_one_to_lift_first_is_told() -> None:
    for (first, words), (second, _) in itertools.combinations(OBSTACLES, 2):
        reason = refusal(replace(FIT, **(first | second)))
        assert reason is not None
        assert words in reason


@given(
    st.builds(
        Sending,
        **{field.name: st.booleans() for field in fields(Sending)},
    )
)
def test_nothing_leaves_but_what_meets_every_condition(sending: Sending) -> None:
    assert (refusal(sending) is None) == (sending == FIT)


# --- whose it is --------------------------------------------------------------------------------------------

SURE = Claim(
    same_ins=True,
    qualified_here=True,
    qualified_there=True,
    differing=(),
    one_person_in_message=True,
    lookalikes=0,
)


@pytest.mark.requirement("SC.MSS/UX.07")
@pytest.mark.parametrize(
    "claim",
    [
        Claim(ins, here, there, differing, one, alike)
        for ins, here, there, one in itertools.product((True, False), repeat=4)
        for differing in ((), ("sexe",), ("sexe", "prénoms de naissance"))
        for alike in (0, 1, 3)
    ],
    ids=str,
)
def test_only_the_same_ins_qualified_on_both_sides_with_agreeing_traits_is_certain(claim: Claim) -> None:
    verdict, reason = match(claim)
    assert (verdict is Match.CERTAIN) == (replace(claim, lookalikes=0) == SURE)
    assert reason.endswith(".")


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({"one_person_in_message": False}, Match.UNKNOWN, "plusieurs personnes"),
        ({"differing": ("sexe", "date de naissance")}, Match.PROPOSED, "sexe, date de naissance"),
        ({"qualified_here": False}, Match.PROPOSED, "pas qualifiée ici"),
        ({"qualified_there": False}, Match.PROPOSED, "chez l’expéditeur"),
        ({"qualified_here": False, "qualified_there": False}, Match.PROPOSED, "pas qualifiée ici"),
        ({"same_ins": False, "qualified_here": False, "lookalikes": 2}, Match.PROPOSED, "ressemblent"),
        ({"same_ins": False, "qualified_here": False}, Match.UNKNOWN, "ne correspond"),
    ],
)
def test_what_is_not_certain_says_why(changes: dict[str, Any], verdict: Match, words: str) -> None:
    found, reason = match(replace(SURE, **changes))
    assert found is verdict
    assert words in reason


# --- after a cut --------------------------------------------------------------------------------------------

TABLE = {
    # (content left, found, waited enough, synchronous): what to do
    (True, True, True, True): Next.SENT,
    (True, True, True, False): Next.SENT,
    (True, True, False, True): Next.SENT,
    (True, True, False, False): Next.SENT,
    (True, None, True, True): Next.TO_CHECK,
    (True, None, True, False): Next.TO_CHECK,
    (True, None, False, True): Next.ASK_LATER,
    (True, None, False, False): Next.ASK_LATER,
    (True, False, True, True): Next.SEND,
    (True, False, True, False): Next.TO_CHECK,
    (True, False, False, True): Next.ASK_LATER,
    (True, False, False, False): Next.ASK_LATER,
}


@pytest.mark.parametrize(("seen", "what"), list(TABLE.items()), ids=str)
def test_every_case_of_a_content_that_left_is_decided(
    seen: tuple[bool, bool | None, bool, bool], what: Next
) -> None:
    assert recover(Recovery(*seen)) is what


@pytest.mark.parametrize(
    "rest", list(itertools.product((True, False, None), (True, False), (True, False))), ids=str
)
def test_an_attempt_whose_content_never_left_is_simply_made_again(
    rest: tuple[bool | None, bool, bool],
) -> None:
    assert recover(Recovery(False, *rest)) is Next.SEND


RECOVERIES = st.builds(
    Recovery, st.booleans(), st.sampled_from([True, False, None]), st.booleans(), st.booleans()
)


@given(RECOVERIES)
def test_a_mail_whose_content_left_is_never_sent_again_by_itself(seen: Recovery) -> None:
    mail = replace(seen, content_left=True, synchronous=False)
    assert recover(mail) is not Next.SEND


@given(RECOVERIES)
def test_nothing_is_said_sent_that_the_receiver_was_not_found_to_have(seen: Recovery) -> None:
    if recover(seen) is Next.SENT:
        assert seen.content_left
        assert seen.found_at_receiver is True


@given(RECOVERIES)
def test_a_second_sending_needs_the_receiver_to_have_answered_that_it_has_nothing(seen: Recovery) -> None:
    if seen.content_left and recover(seen) is Next.SEND:
        assert seen.found_at_receiver is False
        assert seen.waited_enough
        assert seen.synchronous


@given(RECOVERIES)
def test_waiting_enough_always_ends(seen: Recovery) -> None:
    assert recover(replace(seen, waited_enough=True)) is not Next.ASK_LATER
