"""Reading the agenda."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jalon.agenda.models import Event
from jalon.db.compiled import compiled, param, uuids

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
    lasts = Q(ends_at__gt=start) | Q(starts_at__gte=start)
    found = Event.objects.filter(lasts, record_id__in=records, starts_at__lt=end, ends_at__gte=start)
    rows: QuerySet[Event, Any] = found.order_by("starts_at", "pk").values(*COLUMNS)
    return rows
