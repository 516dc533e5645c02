"""Looking an INS up: INSi by traits, the answer kept whatever it is, the verdict applied by `people`."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from jalon.core.errors import DomainError, GatewayError
from jalon.documents.storage import store
from jalon.exchange import clients
from jalon.exchange.models import ServiceCall
from jalon.gateways.common.trace import Tape
from jalon.gateways.insi.client import Client
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
from jalon.people import actions as people
from jalon.people.models import Person
from jalon.staff.models import Professional

OUTCOMES = {Found: "found", NotFound: "not_found", Ambiguous: "ambiguous", Unusable: "unusable"}
SAYS = {
    NotFound: "INSi ne trouve personne avec ces traits. "
    "Vérifiez l’orthographe et la date sur la pièce d’identité.",
    Ambiguous: "INSi trouve plusieurs personnes. Complétez les prénoms et le lieu de naissance.",
}


@dataclass(frozen=True)
class LookUp:
    """What came of a look-up; `attached` is true when the INS is now on the identity."""

    attached: bool
    message: str


def look_up_ins(*, person: Person, by: Professional | None, now: dt.datetime) -> LookUp:
    """Ask INSi for this person and attach what it answers (answer 00 only: SC.INS/va1.40).

    Raises DomainError when the identity may not be asked, and GatewayError when the service failed: what was
    sent and received is kept in both cases.
    """
    if person.birth_date is None:
        raise DomainError(
            "La date de naissance manque. Complétez-la avant d’appeler INSi.", code="traits_missing"
        )
    if person.doubtful or person.fictitious:
        raise DomainError(
            "Une identité douteuse ou fictive ne s’interroge pas. Levez d’abord le doute.",
            code="doubtful_identity",
        )
    tape = Tape()
    client = clients.insi(tape)
    if client is None:
        raise DomainError("INSi n’est pas connecté. L’identité reste provisoire.", code="insi_not_connected")
    attempt: Attempt | None = first_attempt(person.traits)
    answer: Answer = NotFound()
    while attempt is not None and not attempt.guess:
        answer = _ask(client, tape, attempt, person, by, now)
        attempt = next_attempt(attempt, answer)
    return _apply(person, answer, by, now)


def _ask(
    client: Client, tape: Tape, attempt: Attempt, person: Person, by: Professional | None, now: dt.datetime
) -> Answer:
    """One search. Its bytes are kept with its own outcome, whatever the next one says."""
    sender, outcome = str(by.pk) if by else "automate", "unreachable"
    try:
        answer = client.search(attempt, message_id=uuid.uuid4(), now=now, sender=sender)
        outcome = OUTCOMES[type(answer)]
    except GatewayError as error:
        outcome = type(error).__name__.lower()
        raise
    finally:
        keep_calls(tape, service="insi", outcome=outcome, person=person, by=by)
    return answer


def _apply(person: Person, answer: Answer, by: Professional | None, now: dt.datetime) -> LookUp:
    if isinstance(answer, Found):
        people.attach_ins(person=person, ins=answer.ins, official=answer.traits, by=by, now=now)
        return LookUp(True, "L’INS est récupérée.")
    if isinstance(answer, Unusable):
        return LookUp(False, answer.message)
    return LookUp(False, SAYS[type(answer)])


@transaction.atomic
def keep_calls(
    tape: Tape, *, service: str, outcome: str, person: Person | None, by: Professional | None
) -> None:
    """Keep the exact bytes of both sides (SC.INS/va1.38)."""
    for exchange in tape.take():
        ServiceCall.objects.create(
            person=person,
            service=service,
            at=exchange.started_at,
            by=by,
            outcome=outcome,
            sent_sha256=store(exchange.sent),
            answered_sha256=store(exchange.received) if exchange.received else "",
        )
