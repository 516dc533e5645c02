"""Answering a look-up: INSi by traits, outside any transaction; the verdict is applied by `people`.

Each call is kept with its own outcome, whatever the next one says.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jalon.core.errors import DomainError, GatewayError, Unreachable
from jalon.db.tenant import tenant
from jalon.exchange import breaker, clients
from jalon.exchange.identity import state
from jalon.exchange.identity.calls import OUTCOMES, SAYS, keep_calls
from jalon.exchange.jobs import INSI
from jalon.exchange.models import InsLookUp, LookUpState
from jalon.gateways.common.trace import Tape
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import (
    Answer,
    Attempt,
    Found,
    NotFound,
    Unusable,
    first_attempt,
    next_attempt,
)
from jalon.people import actions as people

FAILED = "INSi n’a pas répondu comme prévu. Réessayez plus tard."
SILENT = "INSi ne répond plus ; il est essayé de temps en temps. Réessayez dans quelques minutes."


@dataclass(frozen=True)
class Failure:
    """No answer: what happened, and its sentence."""

    outcome: str
    message: str


def answer(
    body: uuid.UUID | str, look_up_id: uuid.UUID | str, *, clock: Callable[[], dt.datetime] = timezone.now
) -> None:
    """Ask INSi what was asked for, and write what came of it; nothing when it is answered already."""
    with tenant(body):
        asked = InsLookUp.objects.select_related("person", "asked_by")
        look_up = asked.filter(pk=look_up_id, state=LookUpState.ASKED).first()
    if look_up is None:
        return
    end = _end(body, look_up, clock)
    with tenant(body):
        _conclude(look_up, end, clock())


def _end(body: uuid.UUID | str, look_up: InsLookUp, clock: Callable[[], dt.datetime]) -> Answer | Failure:
    if breaker.wait(INSI, clock()) is not None:
        return Failure("silent", SILENT)
    try:
        with breaker.listening(INSI, clock()):
            return _search(body, look_up, clock)
    except GatewayError as failure:
        return Failure(type(failure).__name__.lower(), FAILED)
    except DomainError as refusal:  # the identity changed since it was asked
        return Failure(refusal.code, str(refusal))


def _search(body: uuid.UUID | str, look_up: InsLookUp, clock: Callable[[], dt.datetime]) -> Answer:
    """Ask, more precisely when INSi finds several people. A guess is for a person to accept: none is sent."""
    tape = Tape()
    client = clients.insi(tape)
    if client is None:
        raise Unreachable("INSi", "service non connecté")
    attempt: Attempt | None = first_attempt(look_up.person.traits)
    found: Answer = NotFound()
    while attempt is not None and not attempt.guess:
        found = _ask(body, client, tape, attempt, look_up, clock())
        attempt = next_attempt(attempt, found)
    return found


def _ask(
    body: uuid.UUID | str, client: Client, tape: Tape, attempt: Attempt, look_up: InsLookUp, now: dt.datetime
) -> Answer:
    by, outcome = look_up.asked_by, "unreachable"
    try:
        found = client.search(
            attempt, message_id=uuid.uuid4(), now=now, sender=str(by.pk) if by else "automate"
        )
        outcome = OUTCOMES[type(found)]
    except GatewayError as error:
        outcome = type(error).__name__.lower()
        raise
    finally:
        with tenant(body):
            keep_calls(tape, service="insi", outcome=outcome, person=look_up.person, by=by)
    return found


def _conclude(asked: InsLookUp, end: Answer | Failure, now: dt.datetime) -> None:
    """Write the end, unless another run of the same job did."""
    look_up = InsLookUp.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if look_up.state != LookUpState.ASKED:
        return
    if isinstance(end, Failure):
        state.move(look_up, to=LookUpState.FAILED, at=now, outcome=end.outcome, message=end.message)
    else:
        outcome, message = _applied(look_up, end, now)
        state.move(look_up, to=LookUpState.ANSWERED, at=now, outcome=outcome, message=message)


def _applied(look_up: InsLookUp, found: Answer, now: dt.datetime) -> tuple[str, str]:
    """The outcome and its sentence: answer 00 alone attaches an INS (SC.INS/va1.40), traits agreeing."""
    if isinstance(found, Unusable):
        return OUTCOMES[Unusable], found.message
    if not isinstance(found, Found):
        return OUTCOMES[type(found)], SAYS[type(found)]
    try:
        with transaction.atomic():
            people.attach_ins(
                person=look_up.person, ins=found.ins, official=found.traits, by=look_up.asked_by, now=now
            )
    except DomainError as refusal:  # a person decides: the answer is kept with its call
        return refusal.code, str(refusal)
    return InsLookUp.ATTACHED, "L’INS est récupérée."
