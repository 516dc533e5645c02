"""One way to read time: an instant and the place it is read from, hence a local day. No clock here.

An instant is aware, kept and compared in UTC; a day is what the calendar on the wall of the establishment
says. The day of an instant exists only in a zone: nothing else in the house takes `.date()` of an instant.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def local_day(instant: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """The day that the calendar shows there at that instant. Raises ValueError without a zone of its own."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone has no day")
    return instant.astimezone(zone).date()


def start_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The first instant of that day there. A day is not always 24 hours long."""
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)


def at_wall_time(said: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """The instant when calendar and clock show this there; None when the clock jumps over it that day.

    An hour that comes twice is the first one, unless `said.fold` asks for the second.
    """
    instant = said.replace(tzinfo=zone)
    back = instant.astimezone(dt.UTC).astimezone(zone)
    return instant if back.replace(tzinfo=None) == said else None


@dataclass(frozen=True)
class Moment:
    """Now, as an establishment lives it: actions that need both the instant and the day receive this."""

    now: dt.datetime
    zone: dt.tzinfo = PARIS

    @property
    def today(self) -> dt.date:
        return local_day(self.now, self.zone)

    @property
    def local(self) -> dt.datetime:
        """The same instant, with the hours of the place."""
        return self.now.astimezone(self.zone)

    @property
    def midnight(self) -> dt.datetime:
        """The first instant of today."""
        return start_of(self.today, self.zone)

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """The first instants of today and of tomorrow."""
        return self.midnight, start_of(self.today + dt.timedelta(days=1), self.zone)

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The day of another instant, here."""
        return local_day(instant, self.zone)
