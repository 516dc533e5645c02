import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.core.period import Month


def test_a_month_knows_its_days_and_neighbours():
    february = Month.parse("2024-02")
    assert (february.first_day, february.last_day) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert (str(february.previous), str(february.next)) == ("2024-01", "2024-03")
    assert str(Month(2024, 1).previous) == "2023-12"
    assert str(Month(2023, 11).plus(14)) == "2025-01"
    assert february.label == "février 2024"
    assert Month.of(dt.date(2024, 2, 29)) == february


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "11/2026", "2026-1", "9999-12"])
def test_a_month_that_does_not_exist_is_refused(text):
    with pytest.raises(DomainError) as caught:
        Month.parse(text)
    assert caught.value.code == "month"


@given(st.dates(dt.date(1, 1, 1), dt.date(9998, 12, 31)))
def test_every_day_is_in_its_month(day):
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
    assert Month.parse(str(month)) == month
