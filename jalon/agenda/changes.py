"""What a use case may set of an event."""

import datetime as dt
from typing import TypedDict

from jalon.staff.models import Professional


class EventDetails(TypedDict, total=False):
    """An event, beside what it is and when."""

    type_code: str
    status: str
    place: str
    responsible: Professional | None
    reason: str
    report: str
    person_present: bool | None


class EventChanges(EventDetails, total=False):
    """An event."""

    label: str
    starts_at: dt.datetime
    ends_at: dt.datetime
