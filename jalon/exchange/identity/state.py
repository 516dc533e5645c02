"""The one place where a look-up changes state, by `rules.LOOK_UP`."""

import datetime as dt

from jalon.exchange.models import InsLookUp
from jalon.exchange.rules import LOOK_UP, may_move

MAX_MESSAGE = 400


def move(look_up: InsLookUp, *, to: str, at: dt.datetime, outcome: str = "", message: str = "") -> None:
    """Bring a look-up, new or locked by the caller, to a state, with what came of it.

    Raises AssertionError on a move that the table does not know: our bug.
    """
    current = "" if look_up._state.adding else look_up.state
    if not may_move(LOOK_UP, current, to):
        raise AssertionError(f"a look-up cannot go from {current!r} to {to!r}")
    look_up.state, look_up.outcome, look_up.message = to, outcome, message[:MAX_MESSAGE]
    look_up.answered_at = at if current else None
    look_up.save()
