"""What waits for an answer about who opens a record: requests, emergencies; and what somebody asked."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from jalon.records.models import AccessGrant, AccessRequest, Record, RecordQuerySet
from jalon.staff.models import Professional
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission

TOLD = dt.timedelta(days=3)  # an answer, to whoever asked


def headed(actor: Actor, today: dt.date) -> RecordQuerySet:
    """The records whose door this professional keeps."""
    return Record.objects.visible_to(actor, permission=Permission.GRANT_ACCESS, today=today)


def to_answer(actor: Actor, today: dt.date) -> QuerySet[AccessRequest]:
    """Requests of others that wait, the oldest first."""
    found = AccessRequest.objects.filter(given__isnull=True, record_id__in=headed(actor, today).values("pk"))
    others = found.exclude(professional=actor.professional)
    return others.select_related("professional").order_by("asked_at", "pk")


def to_review(actor: Actor, today: dt.date) -> QuerySet[AccessGrant]:
    """Emergencies of others that nobody has reviewed, the oldest first."""
    return emergencies(actor, today).filter(reviews__isnull=True).exclude(professional=actor.professional)


def emergencies(actor: Actor, today: dt.date) -> QuerySet[AccessGrant]:
    """Records opened in an emergency where this professional keeps the door, the oldest first."""
    found = AccessGrant.objects.filter(until__isnull=False, record__in=headed(actor, today).values("pk"))
    return found.select_related("professional", "record__person").order_by("until", "pk")


def asked_by(professional: Professional) -> QuerySet[AccessRequest]:
    """What somebody asked, the latest first."""
    found = AccessRequest.objects.filter(professional=professional)
    return found.select_related("answered_by").order_by("-asked_at", "-pk")


def just_answered(professional: Professional, now: dt.datetime) -> QuerySet[AccessRequest]:
    """The answers of these days, the latest first."""
    found = AccessRequest.objects.filter(professional=professional, answered_at__gte=now - TOLD)
    return found.select_related("answered_by").order_by("-answered_at", "-pk")


def opened(actor: Actor, requests: Iterable[AccessRequest], today: dt.date) -> set[uuid.UUID]:
    """The records of these requests that are open to this professional today."""
    given = [one.record_id for one in requests if one.given]
    visible = Record.objects.visible_to(actor, today=today).filter(pk__in=given)
    return set(visible.values_list("pk", flat=True)) if given else set()
