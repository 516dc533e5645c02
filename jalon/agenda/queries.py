"""Reading the agenda."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from jalon.agenda.models import Event
from jalon.db.compiled import Listed, compiled, param, uuids
from jalon.records.sight import Shape, Sight, seen
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
    return _in_order(_at(param("start"), param("end")).filter(record_id__in=uuids("records")))


def under_way(here: Sight, start: dt.datetime, end: dt.datetime) -> Listed[dict[str, Any]]:
    """The same, of what somebody sees of a place, a page at a time."""
    return _here(here.shape).listed(start=start, end=end, **here.values())


def mine_under_way(
    professional: Professional, *, here: Sight, start: dt.datetime, end: dt.datetime
) -> Listed[dict[str, Any]]:
    """Of the records `here`, what is under way that this professional leads, and all that is of those of whom
    they are the key worker."""
    mine = replace(here, key_worker=professional.pk)
    asked = here.values() | mine.values("mine_") | {"led_by": professional.pk}
    return _mine(here.shape, mine.shape).listed(start=start, end=end, **asked)


@compiled
def _here(shape: Shape) -> QuerySet[Event, Any]:
    return _in_order(_at(param("start"), param("end")).filter(seen("record__", shape)))


@compiled
def _mine(here: Shape, mine: Shape) -> QuerySet[Event, Any]:
    # Two ways in, each by its index: an OR would read the events of the whole body.
    at = _at(param("start"), param("end"))
    led = at.filter(seen("record__", here), responsible=param("led_by")).values("pk")
    theirs = at.filter(seen("record__", mine, "mine_")).values("pk")
    return _in_order(Event.objects.filter(pk__in=led.union(theirs)))


def _at(start: Any, end: Any) -> QuerySet[Event]:
    lasts = Q(ends_at__gt=start) | Q(starts_at__gte=start)
    return Event.objects.filter(lasts, starts_at__lt=end, ends_at__gte=start)


def _in_order(found: QuerySet[Event]) -> QuerySet[Event, Any]:
    rows: QuerySet[Event, Any] = found.order_by("starts_at", "pk").values(*COLUMNS)
    return rows
