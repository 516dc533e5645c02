"""How the last round of each mailbox ended: what fails is said on a screen until one succeeds."""

import datetime as dt
from typing import Any

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.exchange.models import MailboxRound

SAID = {
    Unreachable: "L’opérateur de messagerie ne répond pas.",
    Rejected: "L’opérateur de messagerie refuse l’accès à cette boîte.",
    Malformed: "L’opérateur de messagerie a répondu de façon incompréhensible.",
}
INTERNAL = "Une erreur du logiciel arrête la relève. Prévenez l’assistance."


def succeeded(establishment_id: Any, *, left: int, now: dt.datetime) -> None:
    """The round came to its end; `left`: the messages that it could not take, still at the operator's."""
    reason = f"L’opérateur ne remet pas {left} message(s), restés dans la boîte." if left else ""
    _note(establishment_id, reason, now)


def failed(establishment_id: Any, error: Exception, *, now: dt.datetime) -> None:
    _note(establishment_id, words(error), now)


def words(error: Exception) -> str:
    """What stopped a round, as a person reads it."""
    return SAID.get(type(error), INTERNAL)


def _note(establishment_id: Any, reason: str, now: dt.datetime) -> None:
    known = MailboxRound.objects.filter(establishment_id=establishment_id).first()
    since = known.failing_since if known else None
    MailboxRound.objects.update_or_create(
        establishment_id=establishment_id,
        defaults={"ended_at": now, "reason": reason, "failing_since": (since or now) if reason else None},
    )
