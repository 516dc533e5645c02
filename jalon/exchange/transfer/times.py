"""The dates and moments of a transfer (FHIR text, partial or with an offset) as columns hold them.

A column is a whole day or an instant. What is partial is completed: its first day, or its last when it ends a
period, so that a stay « from 5 January 2026 until 2026 » does not end before it begins.
"""

import calendar
import contextlib
import datetime as dt
import re
import zoneinfo

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
_LEAP = re.compile(r"(T\d\d:\d\d):60")
_END_OF_DAY = dt.time(23, 59, 59)


def parse_day(moment: str, *, last: bool = False) -> dt.date | None:
    """The day of a FHIR date or dateTime, as its writer saw it; None for `""`."""
    if not moment:
        return None
    year, *rest = (int(part) for part in moment[:10].split("-"))
    month = rest[0] if rest else 12 if last else 1
    if len(rest) > 1:
        return dt.date(year, month, rest[1])
    return dt.date(year, month, calendar.monthrange(year, month)[1] if last else 1)


def parse_moment(moment: str, *, last: bool = False) -> dt.datetime | None:
    """A FHIR dateTime as an instant (UTC); a date alone is its midnight in Paris, or its end if `last`."""
    if "T" in moment:
        # A leap second exists in FHIR, not in a clock: the second before stands for it.
        return _utc(dt.datetime.fromisoformat(_LEAP.sub(r"\1:59", moment)))
    day = parse_day(moment, last=last)
    if day is None:
        return None
    return _utc(dt.datetime.combine(day, _END_OF_DAY if last else dt.time(), tzinfo=PARIS))


def _utc(instant: dt.datetime) -> dt.datetime:
    """In UTC, as the database gives it back: an hour that exists twice in Paris equals no other there."""
    with contextlib.suppress(OverflowError):
        return instant.astimezone(dt.UTC)
    return instant


def written_moment(instant: dt.datetime) -> str:
    """An instant as FHIR writes it, in Paris time, to the second."""
    here = instant.astimezone(PARIS)
    # Before 1911 Paris kept its own time, nine minutes and some seconds ahead: FHIR cannot write that offset.
    whole = (here.utcoffset() or dt.timedelta()) % dt.timedelta(minutes=1) == dt.timedelta()
    return (here if whole else instant.astimezone(dt.UTC)).isoformat(timespec="seconds")


def can_be_kept(instant: dt.datetime) -> bool:
    """Whether an instant stays inside years 1 to 9999 in every time zone: others cannot be read back."""
    return dt.datetime(1, 1, 3) < instant.replace(tzinfo=None) < dt.datetime(9999, 12, 29)  # noqa: DTZ001  bounds of the calendar itself
