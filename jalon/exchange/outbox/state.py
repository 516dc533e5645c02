"""The one place where a delivery changes state: by `rules.DELIVERY`, with the step that says it."""

import datetime as dt

from jalon.exchange.models import Delivery, DeliveryStep
from jalon.exchange.rules import DELIVERY, may_move

MAX_CODE, MAX_LABEL = 60, 400


def move(
    delivery: Delivery, *, to: str, at: dt.datetime, code: str = "", label: str = "", words: str = "",
    sent: str = "", answered: str = "",
) -> None:  # fmt: skip
    """Bring a delivery, new or locked by the caller, to a state; what else changed on it is saved with it.

    `code` and `label` are the service's answer, kept on the delivery; `words` say the step when it is ours.
    `sent` and `answered` name the stored bytes of both sides. Raises AssertionError on a move that the table
    does not know: our bug.
    """
    current = "" if delivery._state.adding else delivery.state
    if not may_move(DELIVERY, current, to):
        raise AssertionError(f"a delivery cannot go from {current!r} to {to!r}")
    delivery.state, delivery.code, delivery.label = to, code[:MAX_CODE], label[:MAX_LABEL]
    delivery.save()
    note(delivery, seen=to, at=at, code=code, label=words or label, sent=sent, answered=answered)


def note(
    delivery: Delivery, *, seen: str, at: dt.datetime, code: str = "", label: str = "", sent: str = "",
    answered: str = "",
) -> None:  # fmt: skip
    """Keep a step that changes nothing: an attempt that was superseded, a receipt before the last."""
    DeliveryStep.objects.create(
        delivery=delivery, at=at, state=seen, code=code[:MAX_CODE], label=label[:MAX_LABEL],
        sent_sha256=sent, answered_sha256=answered,
    )  # fmt: skip
