import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.core.period import Month, Period

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31))


@st.composite
def periods(draw):
    start = draw(DAYS)
    length = draw(st.none() | st.integers(1, 90))
    return Period(start, None if length is None else start + dt.timedelta(days=length))


def test_the_start_is_in_and_the_end_is_not():
    period = Period(dt.date(2026, 11, 2), dt.date(2026, 11, 5))
    inside = [day for day in range(1, 7) if dt.date(2026, 11, day) in period]
    assert inside == [2, 3, 4]
    assert period.days == 3
    assert period.last_day == dt.date(2026, 11, 4)
    assert str(period) == "du 2 novembre 2026 au 4 novembre 2026"


def test_a_period_can_be_given_by_its_last_day():
    assert Period.through(dt.date(2026, 11, 2), dt.date(2026, 11, 2)).days == 1
    assert Period.through(dt.date(2026, 11, 2), None) == Period(dt.date(2026, 11, 2))


def test_a_running_period_holds_every_later_day():
    running = Period(dt.date(2026, 11, 2))
    assert dt.date(2099, 1, 1) in running
    assert dt.date(2026, 11, 1) not in running
    assert (running.days, running.last_day) == (None, None)
    assert str(running) == "depuis le 2 novembre 2026"


@pytest.mark.parametrize("end", [dt.date(2026, 11, 1), dt.date(2026, 11, 2)])
def test_a_period_without_a_day_is_refused(end):
    with pytest.raises(DomainError) as caught:
        Period(dt.date(2026, 11, 2), end)
    assert caught.value.code == "period_reversed"


def test_two_periods_that_touch_do_not_overlap():
    first = Period(dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    assert not first.overlaps(Period(dt.date(2026, 2, 1)))
    assert first.overlaps(Period(dt.date(2026, 1, 31)))


@given(periods(), periods(), DAYS)
def test_the_shared_days_are_those_in_both(left, right, day):
    shared = left.clip(right)
    assert (shared is not None and day in shared) == (day in left and day in right)
    assert left.overlaps(right) == right.overlaps(left) == (shared is not None)


@given(periods(), periods())
def test_a_period_covers_another_when_they_share_all_its_days(left, right):
    assert left.covers(right) == (left.clip(right) == right)


@given(periods(), periods())
def test_shared_days_are_counted(left, right):
    assume(left.end or right.end)
    counted = sum(
        (right.start + dt.timedelta(days=shift)) in left
        for shift in range(right.days or 600)
        if right.start + dt.timedelta(days=shift) in right
    )
    assert left.days_in(right) == counted


def test_counting_an_endless_overlap_is_an_error():
    running = Period(dt.date(2026, 1, 1))
    with pytest.raises(ValueError, match="endless"):
        running.days_in(running)


def test_a_stay_is_clipped_to_a_month():
    stay = Period(dt.date(2026, 10, 20), dt.date(2026, 11, 4))
    assert stay.clip(Month(2026, 11).period) == Period(dt.date(2026, 11, 1), dt.date(2026, 11, 4))
    assert stay.days_in(Month(2026, 10).period) == 12
    assert stay.clip(Month(2026, 12).period) is None


def test_a_month_knows_its_days_and_neighbours():
    february = Month.parse("2024-02")
    assert (february.first_day, february.last_day) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert february.days == 29
    assert (str(february.previous), str(february.next)) == ("2024-01", "2024-03")
    assert str(Month(2024, 1).previous) == "2023-12"
    assert str(Month(2023, 11).plus(14)) == "2025-01"
    assert february.label == "février 2024"
    assert Month.of(dt.date(2024, 2, 29)) == february


def test_months_are_walked_in_order_both_ends_included():
    walked = [str(month) for month in Month(2025, 11).until(Month(2026, 2))]
    assert walked == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(Month(2026, 2).until(Month(2026, 1))) == []


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "11/2026", "2026-1", "9999-12"])
def test_a_month_that_does_not_exist_is_refused(text):
    with pytest.raises(DomainError) as caught:
        Month.parse(text)
    assert caught.value.code == "month"


@given(st.dates(dt.date(1, 1, 1), dt.date(9998, 12, 31)))
def test_every_day_is_in_its_month(day):
    month = Month.of(day)
    assert day in month.period
    assert Month.parse(str(month)) == month
