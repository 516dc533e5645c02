"""What waits for an answer about who opens a record: requests, emergencies; and what somebody asked."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from jalon.records.models import AccessGrant, AccessRequest, Record, RecordQuerySet
from jalon.records.waits import Waits
from jalon.staff.models import Professional
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission


def headed(actor: Actor, today: dt.date) -> RecordQuerySet:
    """The records whose door this professional keeps."""
    return Record.objects.visible_to(actor, permission=Permission.GRANT_ACCESS, today=today)


def to_answer(actor: Actor, today: dt.date) -> QuerySet[AccessRequest]:
    """Requests of others that wait, the oldest first."""
    found = AccessRequest.objects.filter(given__isnull=True, record_id__in=headed(actor, today).values("pk"))
    others = found.exclude(professional=actor.professional)
    return others.select_related("professional").order_by("asked_at", "pk")


def emergencies(actor: Actor, today: dt.date) -> QuerySet[AccessGrant]:
    """Records opened in an emergency where this professional keeps the door, the oldest first."""
    found = AccessGrant.objects.filter(until__isnull=False, record__in=headed(actor, today).values("pk"))
    return found.select_related("professional", "record__person").order_by("until", "pk")


def asked_by(professional: Professional) -> QuerySet[AccessRequest]:
    """What somebody asked, the latest first."""
    found = AccessRequest.objects.filter(professional=professional)
    return found.select_related("answered_by").order_by("-asked_at", "-pk")


def opened(actor: Actor, asked: Iterable[AccessRequest | Waits], today: dt.date) -> set[uuid.UUID]:
    """The records of these requests, or of their answers, that are open to this professional today."""
    given = [one.record_id for one in asked if one.given]
    visible = Record.objects.visible_to(actor, today=today).filter(pk__in=given)
    return set(visible.values_list("pk", flat=True)) if given else set()
