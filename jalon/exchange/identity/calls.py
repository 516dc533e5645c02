"""What went over the wire of INSi, kept whatever came of it, and what its answers mean in words."""

from django.db import transaction

from jalon.documents.storage import store
from jalon.exchange.models import ServiceCall
from jalon.gateways.common.trace import Tape
from jalon.gateways.insi.messages import Ambiguous, Found, NotFound, Unusable
from jalon.people.models import Person
from jalon.staff.models import Professional

OUTCOMES = {Found: "found", NotFound: "not_found", Ambiguous: "ambiguous", Unusable: "unusable"}
SAYS = {
    NotFound: "INSi ne trouve personne avec ces traits. "
    "Vérifiez l’orthographe et la date sur la pièce d’identité.",
    Ambiguous: "INSi trouve plusieurs personnes. Complétez les prénoms et le lieu de naissance.",
}


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
