"""Reading the agenda."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from jalon.agenda.models import Event

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


def between(records: Any, start: dt.datetime, end: dt.datetime) -> QuerySet[Event, Any]:
    """Events of these records under way in [start, end[, whenever they began, in order of time.

    What ends at `start` is over; what lasts no time is there when it begins.
    """
    found = Event.objects.filter(record_id__in=records, starts_at__lt=end, ends_at__gte=start)
    found = found.filter(Q(ends_at__gt=start) | Q(starts_at__gte=start))
    rows: QuerySet[Event, Any] = found.order_by("starts_at", "pk").values(*COLUMNS)
    return rows
