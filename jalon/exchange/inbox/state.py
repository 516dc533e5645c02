"""The one place where a received message changes state, by `rules.RECEPTION`."""

import datetime as dt

from jalon.exchange.models import Reception
from jalon.exchange.rules import RECEPTION, may_move
from jalon.people.models import Person
from jalon.staff.models import Professional

MAX_REASON = 400


def move(
    reception: Reception, *, to: str, reason: str, person: Person | None = None,
    by: Professional | None = None, at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """Bring a message, locked by the caller, to a state, with its reason; `by` and `at` of who decided.

    Raises AssertionError on a move that the table does not know: our bug.
    """
    if not may_move(RECEPTION, reception.state, to):
        raise AssertionError(f"a message cannot go from {reception.state!r} to {to!r}")
    reception.state, reception.reason = to, reason[:MAX_REASON]
    reception.person = person
    reception.decided_by, reception.decided_at = by, at
    reception.save()
