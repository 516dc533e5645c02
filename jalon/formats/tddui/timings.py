"""Something that happens again and again: FHIR Timing."""

from dataclasses import dataclass

from jalon.formats.tddui.datatypes import CODED, PERIOD
from jalon.formats.tddui.lens import Many, One, shape
from jalon.formats.tddui.measures import QUANTITY, RANGE, Quantity, Range
from jalon.formats.tddui.values import Coded, Moment, Period


@dataclass(frozen=True)
class Repeat:
    """Timing.repeat: `frequency` times every `period` of `period_unit`, each lasting `duration`.

    `bounds_…`: how long it goes on. `days`: mon…sun. `times`: hours of the day. `when`: codes of the events
    of a day, `offset` minutes away from them. A `…_max` makes a figure the least of a range.
    """

    bounds_duration: Quantity | None = None
    bounds_range: Range | None = None
    bounds_period: Period | None = None
    count: int | None = None
    count_max: int | None = None
    duration: float | None = None
    duration_max: float | None = None
    duration_unit: str = ""
    frequency: int | None = None
    frequency_max: int | None = None
    period: float | None = None
    period_max: float | None = None
    period_unit: str = ""
    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    offset: int | None = None


@dataclass(frozen=True)
class Timing:
    """When it happens: `events`, one by one, or `repeat`, the rule; `code` names a usual one (BID…)."""

    events: tuple[Moment, ...] = ()
    repeat: Repeat | None = None
    code: Coded | None = None


REPEAT = shape(
    Repeat,
    One("bounds_duration", "boundsDuration", QUANTITY),
    One("bounds_range", "boundsRange", RANGE),
    One("bounds_period", "boundsPeriod", PERIOD),
    One("count", "count"),
    One("count_max", "countMax"),
    One("duration", "duration"),
    One("duration_max", "durationMax"),
    One("duration_unit", "durationUnit"),
    One("frequency", "frequency"),
    One("frequency_max", "frequencyMax"),
    One("period", "period"),
    One("period_max", "periodMax"),
    One("period_unit", "periodUnit"),
    Many("days", "dayOfWeek"),
    Many("times", "timeOfDay"),
    Many("when", "when"),
    One("offset", "offset"),
)
TIMING = shape(Timing, Many("events", "event"), One("repeat", "repeat", REPEAT), One("code", "code", CODED))
