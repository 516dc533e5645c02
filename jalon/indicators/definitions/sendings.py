"""I4 and I5: what left for the person, of those who may have a project."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from jalon.db.past import as_of, ids
from jalon.db.probing import how_many, some
from jalon.exchange.models import Delivery, DeliveryState, DeliveryStep
from jalon.exchange.outbox.routes import citizen_mail, dmp
from jalon.indicators.definitions.definition import Definition
from jalon.indicators.definitions.records import RECORD, supported
from jalon.indicators.rules import Measure
from jalon.people.models import Consent

GONE = (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED)


def mailed(measure: Measure) -> Any:
    """How many messages left about this person: may be more than people, and is never capped."""
    return how_many(_of_the_record(_left(measure, citizen_mail.ROUTE.destination)), "document__record_id")


def fed(measure: Measure) -> Any:
    """Did the DMP of this person take at least one document?"""
    return some(_of_the_record(_left(measure, dmp.ROUTE.destination)))


def messages(measure: Measure) -> QuerySet[Any]:
    """The messages themselves, of everybody supported."""
    about = ids(supported(measure))
    return _left(measure, citizen_mail.ROUTE.destination).filter(document__record_id__in=about)


def refuses_mail(measure: Measure) -> Any:
    """Is the person opposed to messages at the end of the month?"""
    return _opposed(measure, Consent.Purpose.CITIZEN_MAIL)


def refuses_dmp(measure: Measure) -> Any:
    """Is the person opposed to their DMP being fed, at the end of the month?"""
    return _opposed(measure, Consent.Purpose.DMP_FEED)


def _left(measure: Measure, destination: str) -> QuerySet[Any]:
    """Deliveries that first left in the time measured; what was answered later changes nothing."""
    gone = DeliveryStep.objects.filter(delivery_id=OuterRef("pk"), state__in=GONE)
    then = gone.filter(at__gte=measure.start, at__lt=measure.end)
    before = gone.filter(at__lt=measure.start)
    return Delivery.objects.filter(some(then), destination=destination).exclude(some(before))


def _of_the_record(deliveries: QuerySet[Any]) -> QuerySet[Any]:
    return deliveries.filter(document__record_id=RECORD)


def _opposed(measure: Measure, purpose: str) -> Any:
    """Those opposed at the end of the month: shown apart, they stay in the denominator (A10)."""
    told = as_of(Consent, measure.known_at).filter(person_id=OuterRef("person_id"), purpose=purpose)
    told = told.filter(decided_on__lte=measure.last_day)
    latest = Subquery(told.order_by("-decided_on", "-recorded_at").values("granted")[:1])
    return ~Coalesce(latest, Value(True))


MAIL = Definition(
    "I4",
    "Messagerie sécurisée",
    "messages envoyés par MSSanté",
    "personnes pouvant bénéficier d’un projet",
    70,
    "Envoyer le projet signé dans Mon espace santé.",
    counted=mailed,
    apart=refuses_mail,
    proof=messages,
)
DMP = Definition(
    "I5",
    "DMP alimentés",
    "personnes dont le DMP a reçu au moins un document",
    "personnes pouvant bénéficier d’un projet",
    70,
    "Envoyer le projet signé au DMP.",
    counted=fed,
    apart=refuses_dmp,
)
