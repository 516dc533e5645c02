"""I4 and I5: what left for the person, of those who may have a project."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from jalon.db.past import ids
from jalon.exchange.models import Delivery, DeliveryState, DeliveryStep
from jalon.exchange.outbox.routes import citizen_mail, dmp
from jalon.indicators.definitions.definition import Counted, Definition
from jalon.indicators.definitions.records import supported
from jalon.indicators.rules import Measure
from jalon.people.models import Consent

GONE = (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED)


def messages(measure: Measure) -> Counted:
    """Messages sent, whoever they are about: may be more than people, and is never capped."""
    among = supported(measure)
    sent = _left(measure, citizen_mail.ROUTE.destination)
    return Counted(
        among, sent, ids(sent, "document__record_id"), _opposed(measure, Consent.Purpose.CITIZEN_MAIL)
    )


def fed(measure: Measure) -> Counted:
    """People, each once, whose DMP took at least one document."""
    among = supported(measure)
    sent = ids(_left(measure, dmp.ROUTE.destination), "document__record_id")
    return Counted(among, among.filter(id__in=sent), None, _opposed(measure, Consent.Purpose.DMP_FEED))


def _left(measure: Measure, destination: str) -> QuerySet[Any]:
    """Deliveries that first left in the time measured; what was answered later changes nothing."""
    gone = DeliveryStep.objects.filter(delivery_id=OuterRef("pk"), state__in=GONE)
    here = Delivery.objects.filter(destination=destination, document__record_id__in=ids(supported(measure)))
    before = Exists(gone.filter(at__lt=measure.start))
    return here.filter(Exists(gone.filter(at__gte=measure.start, at__lt=measure.end)), ~before)


def _opposed(measure: Measure, purpose: str) -> QuerySet[Any]:
    """Those opposed at the end of the month: shown apart, they stay in the denominator (A10)."""
    told = Consent.objects.filter(person_id=OuterRef("person_id"), purpose=purpose)
    told = told.filter(decided_on__lte=measure.last_day, recorded_at__lt=measure.known_at or measure.end)
    latest = Subquery(told.order_by("-decided_on", "-recorded_at").values("granted")[:1])
    return supported(measure).annotate(granted=latest).filter(granted=False)


MAIL = Definition(
    "I4",
    "Messagerie sécurisée",
    "messages envoyés par MSSanté",
    "personnes pouvant bénéficier d’un projet",
    70,
    "Envoyer le projet signé dans Mon espace santé.",
    messages,
)
DMP = Definition(
    "I5",
    "DMP alimentés",
    "personnes dont le DMP a reçu au moins un document",
    "personnes pouvant bénéficier d’un projet",
    70,
    "Envoyer le projet signé au DMP.",
    fed,
)
