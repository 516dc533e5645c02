"""The thread of a record, grouped by day as people say it."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.utils import timezone

from jalon.core.dates import full_date, long_date

ICONS = {
    "soin": "heart-pulse",
    "educ": "sprout",
    "vie": "utensils",
    "emo": "smile",
    "lien": "users-round",
    "evt": "triangle-alert",
}


def by_day(notes: list[dict[str, Any]], today: dt.date) -> list[dict[str, Any]]:
    """Days, latest first, each with its notes, latest first."""
    days = groupby(notes, key=lambda note: timezone.localtime(note["written_at"]).date())
    return [
        {"label": _label(day, today), "date": _written(day, today), "notes": [_note(note) for note in group]}
        for day, group in days
    ]


def _label(day: dt.date, today: dt.date) -> str:
    return {today: "Aujourd’hui", today - dt.timedelta(days=1): "Hier"}.get(day, "")


def _written(day: dt.date, today: dt.date) -> str:
    return long_date(day) if day.year == today.year else full_date(day)


def _note(note: dict[str, Any]) -> dict[str, Any]:
    author = f"{note['author__first_name']} {note['author__last_name']}"
    job = note["author__job"]
    return {**note, "icon": ICONS[note["family"]], "author": f"{author}, {job}" if job else author}
