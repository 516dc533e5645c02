"""Reading the outbox and the inbox."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, UUIDField, Value

from jalon.db.compiled import compiled, uuids
from jalon.documents.models import Document
from jalon.documents.queries import of_classes
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.jobs import failing, periodic_tasks
from jalon.exchange.models import (
    Delivery,
    DeliveryState,
    MailboxRound,
    ReceivedDocument,
    Reception,
    ReceptionState,
)
from jalon.records.models import Record
from jalon.records.sight import Shape, Sight, seen
from jalon.staff.rules import ContentClass


def waiting_receptions(establishment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many messages wait for a person, of each of these establishments where some do."""
    return pending_receptions(establishment_ids)[ReceptionState.TO_MATCH]


FAILING, TASKS = "failing", "tasks"


def pending_receptions(establishment_ids: Iterable[uuid.UUID]) -> dict[str, dict[uuid.UUID, int]]:
    """How many messages a person has to match, or to deal with where the software could not read them: by
    state, of each of these establishments where some do wait; under FAILING, those whose mailbox fails; under
    TASKS, something when a periodic task does.
    """
    found: dict[str, dict[uuid.UUID, int]] = defaultdict(dict)
    for house, state, count in _pending(periodic_tasks()).all(houses=list(establishment_ids)):
        found[state][house] = count
    return found


@compiled
def _pending(tasks: tuple[str, ...]) -> QuerySet[Reception, Any]:
    pending = (ReceptionState.TO_MATCH, ReceptionState.REJECTED)
    found = Reception.objects.filter(establishment_id__in=uuids("houses"), state__in=pending)
    counted = found.values_list("establishment_id", "state").annotate(Count("pk")).order_by()
    boxes = _failing(uuids("houses")).values_list("establishment_id", Value(FAILING), Value(1))
    stopped = failing(tasks).values_list(Value(None, UUIDField()), Value(TASKS), Value(1))
    return counted.union(boxes, stopped, all=True)


def filed_in(records: QuerySet[Record]) -> QuerySet[ReceivedDocument]:
    """What was filed, and still is, in one of these records: to be asked of a message (`OuterRef`)."""
    return ReceivedDocument.objects.filter(
        document__withdrawals__isnull=True,
        document__record__person=F("reception__person"),
        document__record__in=records.values("pk"),
    )


def unread_receptions(establishment_ids: Iterable[uuid.UUID]) -> QuerySet[Reception]:
    """Messages set aside by the software, which could not read them: a person deals with each."""
    return Reception.objects.filter(
        establishment_id__in=establishment_ids, state=ReceptionState.REJECTED
    ).order_by("received_at", "pk")


def failing_rounds(establishment_ids: Iterable[uuid.UUID]) -> QuerySet[MailboxRound]:
    """Mailboxes of these establishments that cannot be fetched any more, since when and why."""
    return _failing(establishment_ids).select_related("establishment").order_by("failing_since")


def _failing(establishment_ids: Any) -> QuerySet[MailboxRound]:
    return MailboxRound.objects.filter(establishment_id__in=establishment_ids, failing_since__isnull=False)


def deliveries_of(document_ids: Iterable[Any]) -> dict[Any, list[Delivery]]:
    """The deliveries of these documents, each with its steps."""
    found: dict[Any, list[Delivery]] = {}
    for delivery in (
        Delivery.objects.filter(document_id__in=document_ids)
        .prefetch_related("steps")
        .order_by("destination")
    ):
        found.setdefault(delivery.document_id, []).append(delivery)
    return found


def documents_of(record_id: uuid.UUID, set_of: uuid.UUID) -> dict[int, Document]:
    """The document of each signed version of something (a plan), by its number: their set is its own."""
    found = Document.objects.filter(record_id=record_id, set_id=oid(set_of))
    return {one.version: one for one in found}


Classes = frozenset[ContentClass]


def to_check(records: QuerySet[Record], classes: Classes) -> QuerySet[Delivery]:
    """Deliveries of these records, of documents of these classes, to be decided by a person, oldest first.

    Nothing is left to decide of a version that was replaced.
    """
    mine = _to_check(classes).filter(document__record__in=records.values("pk"))
    return mine.select_related("document__record__person").order_by("requested_at")


def how_many_to_check(here: Sight, classes: Classes) -> int:
    """How many there are."""
    return _to_check_in(here.shape, classes).count(**here.values())


@compiled
def _to_check_in(shape: Shape, classes: Classes) -> QuerySet[Delivery, Any]:
    return _to_check(classes).filter(seen("document__record__", shape)).values_list("pk")


def _to_check(classes: Classes) -> QuerySet[Delivery]:
    read = Document.objects.filter(of_classes(classes), pk=OuterRef("document"))
    newer = Document.objects.filter(
        record=OuterRef("document__record"),
        set_id=OuterRef("document__set_id"),
        version__gt=OuterRef("document__version"),
    )
    return Delivery.objects.filter(~Exists(newer), Exists(read), state=DeliveryState.TO_CHECK)
