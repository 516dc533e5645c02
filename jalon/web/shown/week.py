"""A week of events as a grid of quarters of an hour, and as a list for small screens."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.urls import reverse

from jalon.agenda.queries import between
from jalon.core.dates import span
from jalon.core.moment import Moment, start_of
from jalon.faces.http import YEARS, Request

OPENS, CLOSES = 8, 19  # hours drawn; what is outside sits on the edge
QUARTERS = (CLOSES - OPENS) * 4
WEEK = dt.timedelta(days=7)
LANES = 4  # beside one another in a day
DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


def week(
    request: Request, record_ids: list[Any], names: dict[Any, str] | None = None, *, editable: bool = False
) -> dict[str, Any]:
    """The week asked by `?semaine=YYYY-MM-DD` (any of its days), this week otherwise.

    `editable`: each event leads to its page.
    """
    monday = _monday(request)
    start = start_of(monday, request.moment.zone)
    events = between(record_ids, start, start_of(monday + WEEK, request.moment.zone))
    days = [monday + dt.timedelta(days=number) for number in range(7)]
    return {
        "title": span(monday, days[-1]),
        "previous": (monday - WEEK).isoformat(),
        "next": (monday + WEEK).isoformat(),
        "hours": [{"label": f"{hour} h", "row": (hour - OPENS) * 4} for hour in range(OPENS, CLOSES)],
        "days": [
            {
                "name": DAYS[number],
                "number": day.day,
                "column": number + 1,
                "today": day == request.today,
                "date": day,
            }
            for number, day in enumerate(days)
        ],
        "events": _side_by_side([_placed(event, names or {}, editable, request.moment) for event in events]),
    }


def by_person(events: list[dict[str, Any]], records: list[Any]) -> list[dict[str, Any]]:
    """One line a person, seven days a line: what a whole unit is read by."""
    days: dict[tuple[Any, int], list[dict[str, Any]]] = {}
    for event in events:
        days.setdefault((event["record_id"], event["column"]), []).append(event)
    return [
        {"record": record, "days": [days.get((record.pk, column), []) for column in range(1, 8)]}
        for record in records
    ]


def _monday(request: Request) -> dt.date:
    try:
        day = dt.date.fromisoformat(request.GET.get("semaine", ""))
    except ValueError:
        day = request.today
    if day.year not in YEARS:
        day = request.today
    return day - dt.timedelta(days=day.weekday())


def _placed(event: dict[str, Any], names: dict[Any, str], editable: bool, moment: Moment) -> dict[str, Any]:
    start, end = (event[bound].astimezone(moment.zone) for bound in ("starts_at", "ends_at"))
    row = max(0, min(QUARTERS - 1, (start.hour - OPENS) * 4 + start.minute // 15))
    lasts = event["ends_at"] - event["starts_at"]  # elapsed time: a night of clock change is not ten hours
    length = max(2, min(QUARTERS - row, 32, round(lasts.total_seconds() / 900)))
    return {
        **event,
        "label": event["label"] or "Événement",
        "href": reverse("records:event", args=[event["record_id"], event["id"]]) if editable else "",
        "column": start.weekday() + 1,
        "row": row,
        "length": length,
        "day": DAYS[start.weekday()],
        "who": names.get(event["record_id"], ""),
        "planned": event["status"] in ("PLANIFIE", "VALIDE"),
    }


def _side_by_side(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events that overlap share the width of their day: each gets its lane, and how many there are."""
    for _, day in groupby(events, key=lambda event: event["column"]):
        group: list[dict[str, Any]] = []
        for event in sorted(day, key=lambda one: one["row"]):
            if group and event["row"] >= max(one["row"] + one["length"] for one in group):
                group = []
            group.append(event)
            _share(group)
    return events


def _share(group: list[dict[str, Any]]) -> None:
    """Lanes of a group: the first one that is free, four at most."""
    free: list[int] = []
    for event in group:
        lane = next((rank for rank, end in enumerate(free) if end <= event["row"]), len(free))
        lane = min(lane, LANES - 1)
        free[lane : lane + 1] = [event["row"] + event["length"]]
        event["lane"] = lane
    for event in group:
        event["lanes"] = len(free)
