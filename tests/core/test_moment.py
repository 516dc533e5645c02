"""An instant has a day only somewhere."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from jalon.core.moment import PARIS, Moment, at_wall_time, local_day, start_of

REUNION, MARTINIQUE, MIQUELON = map(ZoneInfo, ("Indian/Reunion", "America/Martinique", "America/Miquelon"))
# 00:30 in Paris on 1 December 2026.
MIDNIGHT_AND_A_HALF = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        (PARIS, dt.date(2026, 12, 1), 0),
        (REUNION, dt.date(2026, 12, 1), 3),
        (MARTINIQUE, dt.date(2026, 11, 30), 19),
    ],
)
def test_the_same_instant_is_another_day_elsewhere(zone: ZoneInfo, day: dt.date, hour: int) -> None:
    moment = Moment(MIDNIGHT_AND_A_HALF, zone)
    assert (moment.today, moment.local.hour) == (day, hour)
    assert moment.midnight == dt.datetime.combine(day, dt.time(), tzinfo=zone)


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="no day"):
        local_day(dt.datetime(2026, 12, 1), PARIS)  # noqa: DTZ001  the fault itself


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        (PARIS, dt.date(2026, 10, 20), 7), (PARIS, dt.date(2026, 10, 27), 8),
        (PARIS, dt.date(2027, 3, 23), 8), (PARIS, dt.date(2027, 3, 30), 7),
        (REUNION, dt.date(2026, 10, 27), 5), (MARTINIQUE, dt.date(2026, 10, 27), 13),
        (MIQUELON, dt.date(2027, 3, 9), 12), (MIQUELON, dt.date(2027, 3, 16), 11),
    ],
)  # fmt: skip
def test_nine_o_clock_on_the_wall_stays_nine_o_clock(zone: ZoneInfo, day: dt.date, utc: int) -> None:
    instant = at_wall_time(dt.datetime.combine(day, dt.time(9)), zone)
    assert instant is not None
    assert instant.astimezone(dt.UTC).hour == utc


def test_an_hour_that_the_clock_jumps_over_does_not_exist() -> None:
    skipped = dt.datetime(2027, 3, 28, 2, 30)  # noqa: DTZ001  as it is typed
    assert at_wall_time(skipped, PARIS) is None
    assert at_wall_time(skipped, REUNION) is not None


def test_an_hour_that_comes_twice_is_the_first_unless_told() -> None:
    twice = dt.datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001  as it is typed
    both = [at_wall_time(twice.replace(fold=fold), PARIS) for fold in (0, 1)]
    assert [one and one.astimezone(dt.UTC).hour for one in both] == [0, 1]


def test_a_day_is_not_always_twenty_four_hours() -> None:
    lengths = {
        day: (start_of(day + dt.timedelta(days=1), PARIS).timestamp() - start_of(day, PARIS).timestamp())
        / 3600
        for day in (dt.date(2026, 10, 25), dt.date(2027, 3, 28), dt.date(2026, 12, 1))
    }
    assert list(lengths.values()) == [25, 23, 24]
