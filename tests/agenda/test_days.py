"""What is under way is on each of its days, in its own hours."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from jalon.agenda.rules import DAY, days, is_long, parts

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


INSTANTS = st.integers(0, 10**6).map(lambda minutes: at("2026-01-01") + dt.timedelta(minutes=minutes))


def test_a_night_has_two_days_and_is_no_band() -> None:
    night = at("2027-03-07T22:00"), at("2027-03-08T06:00")
    assert days(*night, PARIS) == (dt.date(2027, 3, 7), dt.date(2027, 3, 8))
    found = parts(*night, [dt.date(2027, 3, day) for day in range(6, 10)], PARIS)
    assert [(part.begins, part.ends) for part in found] == [(True, False), (False, True)]
    assert not is_long(*night)


def test_what_ends_at_midnight_takes_nothing_of_the_day_after() -> None:
    assert days(at("2026-12-01T20:00"), at("2026-12-02T00:00"), PARIS) == (dt.date(2026, 12, 1),) * 2


def test_a_moment_at_midnight_is_on_its_day() -> None:
    moment = at("2026-12-02T00:00")
    assert days(moment, moment, PARIS) == (dt.date(2026, 12, 2),) * 2


def test_a_day_of_25_hours_is_one_day_and_long() -> None:
    whole = at("2026-10-25T00:00"), at("2026-10-26T00:00")
    assert days(*whole, PARIS) == (dt.date(2026, 10, 25),) * 2
    assert is_long(*whole)


@given(INSTANTS, st.timedeltas(dt.timedelta(), 9 * DAY))
def test_the_parts_of_an_event_are_the_event(starts_at: dt.datetime, lasts: dt.timedelta) -> None:
    ends_at = (starts_at.astimezone(dt.UTC) + lasts).astimezone(PARIS)
    window = [starts_at.date() + DAY * rank for rank in range(-2, 12)]
    found = list(parts(starts_at, ends_at, window, PARIS))
    assert found[0].starts_at == starts_at
    assert found[-1].ends_at == ends_at
    assert all(one.ends_at == two.starts_at for one, two in zip(found, found[1:], strict=False))
    assert [one.day for one in found] == [found[0].day + DAY * rank for rank in range(len(found))]
    assert [(found[0].begins, found[-1].ends)] == [(True, True)]
