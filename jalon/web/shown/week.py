"""A week of events as a grid of quarters of an hour, and as a list for small screens.

The day has 24 hours. Those of the night are folded while nothing happens in them: what happens is always
drawn at its hour. An event is drawn on each of its days; one that takes a day or more is a band above them.
"""

import datetime as dt
from itertools import groupby
from typing import Any

from jalon.agenda.queries import between
from jalon.agenda.rules import DAY, Part, is_long, parts
from jalon.core.dates import span
from jalon.core.moment import Moment, start_of
from jalon.faces.addresses import url
from jalon.faces.http import YEARS, Request
from jalon.web.shown.day import line

OPENS, CLOSES = 7, 22  # hours that are never folded
QUARTERS = 24 * 4
SHORTEST = 2  # quarters: less could not be read
WEEK = dt.timedelta(days=7)
LANES = 4  # beside one another in a day
DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


def week(
    request: Request, record_ids: list[Any], names: dict[Any, str] | None = None, *, editable: bool = False
) -> dict[str, Any]:
    """The week asked by `?semaine=YYYY-MM-DD` (any of its days), this week otherwise.

    `editable`: each event leads to its page. `events`: one for each day of each event, in order; those that
    are not long have their place on the grid.
    """
    monday = _monday(request)
    start = start_of(monday, request.moment.zone)
    found = between(record_ids, start, start_of(monday + WEEK, request.moment.zone))
    days = [monday + dt.timedelta(days=number) for number in range(7)]
    events = [
        shown for event in found for shown in _shown(event, days, names or {}, editable, request.moment)
    ]
    events.sort(key=lambda event: (event["column"], event["from"]))
    return {
        "title": span(monday, days[-1]),
        "previous": (monday - WEEK).isoformat(),
        "next": (monday + WEEK).isoformat(),
        "days": [_day(number, day, request.today) for number, day in enumerate(days)],
        "events": events,
        "bands": _bands(events),
        "now": _now(request.moment, days),
        **_hours(_side_by_side([event for event in events if not event["long"]])),
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


def _day(number: int, day: dt.date, today: dt.date) -> dict[str, Any]:
    return {
        "name": DAYS[number],
        "number": day.day,
        "column": number + 1,
        "today": day == today,
        "past": day < today,
        "date": day,
    }


def _shown(
    event: dict[str, Any], days: list[dt.date], names: dict[Any, str], editable: bool, moment: Moment
) -> list[dict[str, Any]]:
    """The event on each of its days of this week."""
    bounds = event["starts_at"], event["ends_at"]
    more = {
        "href": url("records:event", event["record_id"], event["id"]) if editable else "",
        "who": names.get(event["record_id"], ""),
        "planned": event["status"] in ("PLANIFIE", "VALIDE"),
        "long": is_long(*bounds),
    }
    found = parts(*bounds, days, moment.zone)
    return [{**line(event, of_day, moment), **more, **_placed(of_day, moment)} for of_day in found]


def _placed(of_day: Part, moment: Moment) -> dict[str, Any]:
    """Where the clock on the wall shows it: a night of clock change is drawn as its hours are said."""
    row = _quarter(of_day.starts_at.astimezone(moment.zone))
    whole = of_day.ends_at == start_of(of_day.day + DAY, moment.zone)
    end = QUARTERS if whole else _quarter(of_day.ends_at.astimezone(moment.zone), up=True)
    number = of_day.day.weekday()
    return {
        "column": number + 1,
        "day": DAYS[number],
        "over": of_day.day < moment.today,
        "from": of_day.starts_at,
        "begins": of_day.begins,
        "row": min(row, QUARTERS - SHORTEST),
        "length": max(SHORTEST, end - row),
    }


def _quarter(there: dt.datetime, *, up: bool = False) -> int:
    return there.hour * 4 + (there.minute + 14 * up) // 15


def _bands(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One a long event: the first of its days here, and how many they are."""
    bands: dict[Any, dict[str, Any]] = {}
    for event in events:
        if event["long"]:
            bands.setdefault(event["id"], {**event, "span": 0})["span"] += 1
    return list(bands.values())


def _now(moment: Moment, days: list[dt.date]) -> dict[str, Any] | None:
    """Where the present stands, in the week that holds it."""
    if moment.today not in days:
        return None
    return {"column": moment.today.weekday() + 1, "row": _quarter(moment.local), "at": moment.now}


def _hours(grid: list[dict[str, Any]]) -> dict[str, Any]:
    """The hours drawn, and which end of the day is folded since nothing happens in it."""
    early = any(event["row"] < OPENS * 4 for event in grid)
    late = any(event["row"] + event["length"] > CLOSES * 4 for event in grid)
    drawn = [*([] if early else [0]), *range(0 if early else OPENS, 24 if late else CLOSES + 1)]
    return {
        "grid": grid,
        "early": early,
        "late": late,
        "hours": [{"label": f"{hour} h", "row": hour * 4} for hour in drawn],
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
