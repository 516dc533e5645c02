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
    return _under_way().all(records=list(record_ids), start=start, end=end)


@compiled
def _under_way() -> QuerySet[Event, Any]:
    start, end = param("start"), param("end")
    lasts = Q(ends_at__gt=start) | Q(starts_at__gte=start)
    found = Event.objects.filter(lasts, record_id__in=uuids("records"), starts_at__lt=end, ends_at__gte=start)
    rows: QuerySet[Event, Any] = found.order_by("starts_at", "pk").values(*COLUMNS)
    return rows
