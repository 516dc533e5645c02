"""Schedules that presences and absences are written in: Schedule, profile tddui-schedule. No table of the
house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need, refers
from jalon.formats.tddui.datatypes import CODED, CODING, IDENTIFIER, LINK, PERIOD
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Many, One, extensions, shape
from jalon.formats.tddui.measures import QUANTITY, Quantity
from jalon.formats.tddui.urls import FR_SD
from jalon.formats.tddui.values import Coded, Coding, Identifier, Link, Moment, Period


@dataclass(frozen=True)
class Service:
    """fr-core-service-type-duration: a kind of service, and how long it takes."""

    type: Coded | None = None
    duration: Quantity | None = None


@dataclass(frozen=True)
class Recurrence:
    """The iCalendar rule (RRULE, RFC 2445) of an availability: `frequency`, every `interval`, at these
    seconds… months, `count` times or `until` a day.

    `week_starts`: sun…sat. `year_days` is text, as the extension has it.
    """

    frequency: Coding | None = None
    until: Moment = ""
    count: int | None = None
    interval: int | None = None
    seconds: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[str, ...] = ()
    weeks: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    week_starts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Availability:
    """fr-core-schedule-availability-time: a time that is free, or not (`type`), once or again and again
    (`recurrence`).

    `reason`: why it is not free. The greater `priority` wins.
    """

    identifiers: tuple[Identifier, ...] = ()
    type: Coding | None = None
    start: Moment = ""
    end: Moment = ""
    recurrence: Recurrence | None = None
    reason: Coded | None = None
    created: Moment = ""
    priority: int | None = None


@dataclass(frozen=True, kw_only=True)
class ScheduleData(Item):
    """A schedule of a person. `key`: its first identifier, or its content.

    `people`: whose it is (actor), one in practice. `horizon`: planningHorizon.
    """

    people: tuple[Link, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    categories: tuple[Coded, ...] = ()
    specialties: tuple[Coded, ...] = ()
    horizon: Period | None = None
    comment: str = ""
    services: tuple[Service, ...] = ()
    availabilities: tuple[Availability, ...] = ()


SERVICE = shape(
    Service,
    extensions(
        Ext("type", "serviceType", "valueCodeableConcept", CODED),
        Ext("duration", "duration", "valueDuration", QUANTITY),
    ),
)
RECURRENCE = shape(
    Recurrence,
    extensions(
        Ext("frequency", "freq", "valueCoding", CODING),
        Ext("until", "until", "valueDateTime"),
        Ext("count", "count", "valueInteger"),
        Ext("interval", "interval", "valueInteger"),
        Ext("seconds", "bySecond", "valuePositiveInt", many=True),
        Ext("minutes", "byMinute", "valuePositiveInt", many=True),
        Ext("hours", "byHour", "valuePositiveInt", many=True),
        Ext("days", "byDay", "valueString", many=True),
        Ext("month_days", "byMonthDay", "valueInteger", many=True),
        Ext("year_days", "byYearDay", "valueString", many=True),
        Ext("weeks", "byWeekNo", "valueInteger", many=True),
        Ext("months", "byMonth", "valuePositiveInt", many=True),
        Ext("week_starts", "wkst", "valueCode", many=True),
    ),
)
AVAILABILITY = shape(
    Availability,
    extensions(
        Ext("identifiers", "identifier", "valueIdentifier", IDENTIFIER, many=True),
        Ext("type", "type", "valueCoding", CODING),
        Ext("start", "start", "valueDateTime"),
        Ext("end", "end", "valueDateTime"),
        Ext("recurrence", "rrule", "", RECURRENCE),
        Ext("reason", "unavailabilityReason", "valueCodeableConcept", CODED),
        Ext("created", "created", "valueDateTime"),
        Ext("priority", "priority", "valueInteger"),
    ),
)
SHAPE = shape(
    ScheduleData,
    Frame(),
    extensions(
        Ext("services", FR_SD + "fr-core-service-type-duration", "", SERVICE, many=True),
        Ext("availabilities", FR_SD + "fr-core-schedule-availability-time", "", AVAILABILITY, many=True),
    ),
    Many("identifiers", "identifier", IDENTIFIER),
    One("active", "active"),
    Many("categories", "serviceCategory", CODED),
    Many("specialties", "specialty", CODED),
    Many("people", "actor", LINK),
    One("horizon", "planningHorizon", PERIOD),
    One("comment", "comment"),
)

RULES: tuple[Check, ...] = (
    need("actor"),
    refers("actor", "Patient"),
    need("serviceCategory", 0, 1),
    need("serviceType", 0, 0),
)

KIND = Kind(
    name="schedules",
    label="plannings de présence",
    fhir="Schedule",
    profile="schedule",
    rank=190,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
)
