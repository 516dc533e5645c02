"""What happens on a day, as a list: what began before is there too, and says so."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jalon.agenda.rules import Part, parts
from jalon.core.dates import clock, column_clock, long_date
from jalon.core.moment import Moment

GOES_ON = "suite"


def lines(
    found: Iterable[dict[str, Any]], moment: Moment, names: dict[Any, str] | None = None
) -> list[dict[str, Any]]:
    """Events of today, with what their line says. `names`: whose each is, where several people are shown."""
    return [
        {
            **line(event, of_day, moment),
            "past": event["ends_at"] < moment.now,
            "who": (names or {}).get(event["record_id"], ""),
        }
        for event in found
        for of_day in parts(event["starts_at"], event["ends_at"], [moment.today], moment.zone)
    ]


def line(event: dict[str, Any], of_day: Part, moment: Moment) -> dict[str, Any]:
    """An event on one of its days: the hour it begins at, or that it goes on, and from when to when."""
    begins = column_clock(of_day.starts_at.astimezone(moment.zone))
    return {
        **event,
        "label": event["label"] or "Sans libellé",
        "clock": begins if of_day.begins else GOES_ON,
        "lasts": "" if of_day.begins and of_day.ends else _lasts(event, moment),
    }


def _lasts(event: dict[str, Any], moment: Moment) -> str:
    return f"du {_said(event['starts_at'], moment)} au {_said(event['ends_at'], moment)}"


def _said(instant: dt.datetime, moment: Moment) -> str:
    there = instant.astimezone(moment.zone)
    return f"{long_date(moment.day_of(instant))} à {clock(there)}"
