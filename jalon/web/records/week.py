"""A week of events as a grid of quarters of an hour, and as a list for small screens."""

import datetime as dt
from typing import Any

from django.utils import timezone

from jalon.agenda.queries import between
from jalon.core.dates import full_date
from jalon.web.http import YEARS, Request

OPENS, CLOSES = 8, 19  # hours drawn; what is outside sits on the edge
QUARTERS = (CLOSES - OPENS) * 4
DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


def week(request: Request, record_ids: list[Any], names: dict[Any, str] | None = None) -> dict[str, Any]:
    """The week asked by `?semaine=YYYY-MM-DD` (any of its days), this week otherwise."""
    monday = _monday(request)
    start = dt.datetime.combine(monday, dt.time(), tzinfo=timezone.get_current_timezone())
    events = between(record_ids, start, start + dt.timedelta(days=7))
    days = [monday + dt.timedelta(days=number) for number in range(7)]
    return {
        "title": f"Du {full_date(monday)} au {full_date(days[-1])}",
        "previous": (monday - dt.timedelta(days=7)).isoformat(),
        "next": (monday + dt.timedelta(days=7)).isoformat(),
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
        "events": [_placed(event, names or {}) for event in events],
    }


def _monday(request: Request) -> dt.date:
    try:
        day = dt.date.fromisoformat(request.GET.get("semaine", ""))
    except ValueError:
        day = request.today
    if day.year not in YEARS:
        day = request.today
    return day - dt.timedelta(days=day.weekday())


def _placed(event: dict[str, Any], names: dict[Any, str]) -> dict[str, Any]:
    start, end = timezone.localtime(event["starts_at"]), timezone.localtime(event["ends_at"])
    row = max(0, min(QUARTERS - 1, (start.hour - OPENS) * 4 + start.minute // 15))
    length = max(2, min(QUARTERS - row, 32, round((end - start).total_seconds() / 900)))
    return {
        **event,
        "column": start.weekday() + 1,
        "row": row,
        "length": length,
        "day": DAYS[start.weekday()],
        "who": names.get(event["record_id"], ""),
        "planned": event["status"] in ("PLANIFIE", "VALIDE"),
    }
