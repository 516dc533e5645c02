"""Reading the agenda."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jalon.agenda.models import Event
from jalon.db.compiled import compiled, param, uuids
from jalon.staff.models import Professional

COLUMNS = (
    "id",
    "record_id",
    "label",
    "type_code",
    "status",
    "starts_at",
    "ends_at",
    "place",
    "person_present",
    "responsible__first_name",
    "responsible__last_name",
)


def between(record_ids: Iterable[Any], start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """Events of these records under way in [start, end[, whenever they began, in order of time.

    What ends at `start` is over; what lasts no time is there when it begins.
    """
    return _of_records().all(records=list(record_ids), start=start, end=end)


@compiled
def _of_records() -> QuerySet[Event, Any]:
    return under_way(uuids("records"), param("start"), param("end"))


def under_way(records: Any, start: Any, end: Any) -> QuerySet[Event, Any]:
    """The same, of many records, to be narrowed and read a page at a time."""
    return _in_order(_at(start, end).filter(record_id__in=records))


def mine_under_way(
    professional: Professional, *, here: Any, of_mine: Any, start: dt.datetime, end: dt.datetime
) -> QuerySet[Event, Any]:
    """Of the records `here`, what is under way that this professional leads, and all that is of `of_mine`."""
    # Two ways in, each by its index: an OR would read the events of the whole body.
    led = _at(start, end).filter(responsible=professional, record_id__in=here).values("pk")
    theirs = _at(start, end).filter(record_id__in=of_mine).values("pk")
    return _in_order(Event.objects.filter(pk__in=led.union(theirs)))


def _at(start: Any, end: Any) -> QuerySet[Event]:
    lasts = Q(ends_at__gt=start) | Q(starts_at__gte=start)
    return Event.objects.filter(lasts, starts_at__lt=end, ends_at__gte=start)


def _in_order(found: QuerySet[Event]) -> QuerySet[Event, Any]:
    rows: QuerySet[Event, Any] = found.order_by("starts_at", "pk").values(*COLUMNS)
    return rows
