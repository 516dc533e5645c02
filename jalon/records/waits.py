"""What waits for somebody about who opens records, in one question: « Ma journée » asks it of everybody."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from jalon.core.choices import Choice
from jalon.db.compiled import compiled, param, uuids
from jalon.organizations.models import Establishment
from jalon.records.models import AccessGrant, AccessRequest, Record, RightsReview
from jalon.records.sight import Shape, seen, sight_of
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission

TOLD = dt.timedelta(days=3)  # an answer, to whoever asked
A_YEAR = dt.timedelta(days=365)


class Wait(Choice):
    """What waits, the most pressing first."""

    EMERGENCY = "1", "une ouverture en urgence à relire"
    REQUEST = "2", "une demande à répondre"
    ANSWER = "3", "une réponse à lire"
    YEARLY = "4", "des droits à relire"


@dataclass(frozen=True)
class Waits:
    """One of them. `id`: of the opening, the request or the house; `who`: whose, or who answered."""

    kind: str
    id: uuid.UUID
    at: dt.datetime | None
    words: str
    who: str
    record_id: uuid.UUID
    given: bool | None


def waits(actor: Actor, houses: Iterable[uuid.UUID], *, now: dt.datetime, today: dt.date) -> list[Waits]:
    """What waits for them: of the records whose door they keep, of what they asked these days, and of these
    houses, whose rights they read again each year."""
    sight = sight_of(actor, Permission.GRANT_ACCESS, today)
    asked = {"me": actor.professional.pk, "answered": now - TOLD, "signed": now - A_YEAR}
    rows = _waits(not sight.is_empty, sight.shape).all(**asked, houses_read=list(houses), **sight.values())
    return sorted((Waits(*row) for row in rows), key=lambda one: (one.kind, str(one.at), one.words))


@compiled
def _waits(keeps: bool, shape: Shape) -> QuerySet[Any, Any]:
    """`keeps`: is anybody's door theirs to keep?"""
    legs = [_answers(), _yearly(), *((_emergencies(shape), _requests(shape)) if keeps else ())]
    first, *others = legs
    return first.union(*others, all=True)


def _emergencies(shape: Shape) -> QuerySet[AccessGrant, Any]:
    """Openings of others that nobody has reviewed."""
    found = AccessGrant.objects.filter(seen("record__", shape), until__isnull=False, reviews__isnull=True)
    return _row(found.exclude(professional=param("me")), Wait.EMERGENCY, "until", "reason", "professional")


def _requests(shape: Shape) -> QuerySet[AccessRequest, Any]:
    """Requests of others that wait for an answer."""
    theirs = Record.objects.filter(seen("", shape)).values("pk")
    found = AccessRequest.objects.filter(given__isnull=True, record_id__in=theirs)
    return _row(found.exclude(professional=param("me")), Wait.REQUEST, "asked_at", "reason", "professional")


def _answers() -> QuerySet[AccessRequest, Any]:
    """What was answered these days to whoever asked."""
    found = AccessRequest.objects.filter(professional=param("me"), answered_at__gte=param("answered"))
    return _row(found, Wait.ANSWER, "asked_at", "answer", "answered_by", given=F("given"))


def _yearly() -> QuerySet[Establishment, Any]:
    """Houses whose rights nobody signed for a year."""
    signed = RightsReview.objects.filter(signed_at__gt=param("signed"), establishment=OuterRef("pk"))
    left = Establishment.objects.filter(~Exists(signed), Q(pk__in=uuids("houses_read")))
    never = Value(None, DateTimeField()), Value(None, BooleanField(null=True))
    return left.values_list(Value(Wait.YEARLY.value), "pk", never[0], "name", Value(""), "pk", never[1])


def _row(
    found: QuerySet[Any], kind: Wait, at: str, words: str, who: str, given: Any = None
) -> QuerySet[Any, Any]:
    name = Concat(f"{who}__first_name", Value(" "), f"{who}__last_name")
    given = Value(None, BooleanField(null=True)) if given is None else given
    return found.order_by().values_list(Value(kind.value), "pk", at, words, name, "record_id", given)
