"""Whether what FHIR writes as two moments is in order."""

import datetime as dt
from contextlib import suppress
from typing import Any


def reversed_period(start: Any, end: Any) -> bool:
    """Whether `end` comes before `start`, compared as far as both are told."""
    if not (isinstance(start, str) and isinstance(end, str)):
        return False
    first, last = _instant(start), _instant(end)
    if first and last:
        return last < first
    size = min(len(start), len(end), 10)
    return end[:size] < start[:size]


def _instant(text: str) -> dt.datetime | None:
    """The instant of a text that has an hour and an offset; None otherwise (or on a leap second)."""
    with suppress(ValueError):
        read = dt.datetime.fromisoformat(text)
        return read if read.tzinfo else None
    return None
