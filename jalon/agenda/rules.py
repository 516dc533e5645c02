"""Which days an event is shown on, and how long it takes of each. Pure; days are those of a zone."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jalon.core.moment import local_day, start_of

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """What an event takes of one day there: from when to when, and whether it came before or goes on."""

    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    begins: bool
    ends: bool


def days(starts_at: dt.datetime, ends_at: dt.datetime, zone: dt.tzinfo) -> tuple[dt.date, dt.date]:
    """The first and the last of its days there; what ends at midnight takes nothing of the day after."""
    first, last = local_day(starts_at, zone), local_day(ends_at, zone)
    return first, max(first, last - DAY) if ends_at == start_of(last, zone) else last


def parts(
    starts_at: dt.datetime, ends_at: dt.datetime, among: Iterable[dt.date], zone: dt.tzinfo
) -> Iterator[Part]:
    """What it takes of each of these days that is one of its own."""
    first, last = days(starts_at, ends_at, zone)
    for day in among:
        if first <= day <= last:
            yield Part(
                day=day,
                starts_at=max(starts_at, start_of(day, zone)),
                ends_at=min(ends_at, start_of(day + DAY, zone)),
                begins=day == first,
                ends=day == last,
            )


def is_long(starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
    """A day or more: said of its days, whatever the hours. A night is not."""
    return ends_at.astimezone(dt.UTC) - starts_at.astimezone(dt.UTC) >= DAY
