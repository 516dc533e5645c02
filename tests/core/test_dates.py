import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core import dates
from jalon.core.dates import PartialDate, age, age_label, is_adult
from jalon.core.errors import DomainError


@pytest.mark.requirement("EXI ID 11-12")
@pytest.mark.parametrize(
    ("text", "completed", "precision"),
    [
        ("12/03/1950", dt.date(1950, 3, 12), "day"),
        ("1950-03-12", dt.date(1950, 3, 12), "day"),
        ("03/1950", dt.date(1950, 3, 1), "month"),
        ("00/03/1950", dt.date(1950, 3, 1), "month"),
        ("1950-03-00", dt.date(1950, 3, 1), "month"),
        ("1950-03", dt.date(1950, 3, 1), "month"),
        ("31/??/1950", dt.date(1950, 1, 31), "year"),
        ("12/00/1950", dt.date(1950, 1, 12), "year"),
        ("1950", dt.date(1950, 12, 31), "year"),
        ("00/00/1950", dt.date(1950, 12, 31), "year"),
        ("XX/xx/1950", dt.date(1950, 12, 31), "year"),
    ],
)
def test_a_partial_birth_date_is_completed_as_the_national_rule_wants(text, completed, precision):
    partial = PartialDate.parse(text)
    assert (partial.completed(), partial.precision) == (completed, precision)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "birth_date_format"),
        ("12/03/50", "birth_date_century"),
        ("hier", "birth_date_format"),
        ("31/02/1950", "birth_date_impossible"),
        ("13/1950", "birth_date_impossible"),
        ("01/01/0000", "birth_date_impossible"),
    ],
)
def test_an_unreadable_or_impossible_birth_date_is_refused(text, code):
    with pytest.raises(DomainError) as caught:
        PartialDate.parse(text)
    assert caught.value.code == code


@given(st.dates())
def test_a_full_date_survives_both_writings(date):
    assert PartialDate.parse(dates.short_date(date)).completed() == date
    assert PartialDate.parse(date.isoformat()).completed() == date


@given(st.text(alphabet="0123456789/-?xX ", max_size=12))
def test_whatever_is_typed_gives_a_date_or_a_refusal(text):
    try:
        assert isinstance(PartialDate.parse(text).completed(), dt.date)
    except DomainError as error:
        assert error.code.startswith("birth_date_")


def test_the_birthday_itself_counts():
    birth = dt.date(2008, 11, 22)
    assert age(birth, dt.date(2026, 11, 21)) == 17
    assert age(birth, dt.date(2026, 11, 22)) == 18
    assert not is_adult(birth, dt.date(2026, 11, 21))
    assert is_adult(birth, dt.date(2026, 11, 22))


def test_somebody_born_on_29_february_is_of_age_on_1_march_of_a_common_year():
    birth = dt.date(2008, 2, 29)
    assert not is_adult(birth, dt.date(2026, 2, 28))
    assert is_adult(birth, dt.date(2026, 3, 1))


def test_a_child_of_29_february_grows_older_on_1_march():
    birth = dt.date(2008, 2, 29)
    assert age(birth, dt.date(2026, 2, 28)) == 17
    assert age(birth, dt.date(2026, 3, 1)) == 18
    assert age(birth, dt.date(2024, 2, 29)) == 16


def test_an_age_is_told_in_years_and_a_baby_s_in_months():
    assert age_label(dt.date(1944, 1, 2), dt.date(2026, 11, 22)) == "82\u00a0ans"
    assert age_label(dt.date(2025, 11, 22), dt.date(2026, 11, 22)) == "1\u00a0an"
    assert age_label(dt.date(2026, 3, 23), dt.date(2026, 11, 22)) == "7\u00a0mois"
    assert age_label(dt.date(2026, 11, 22), dt.date(2026, 11, 22)) == "0\u00a0mois"


def test_dates_are_written_in_french_without_a_locale():
    day = dt.date(2026, 11, 24)
    assert dates.long_date(day) == "mardi 24 novembre"
    assert dates.long_date(day, year=True) == "mardi 24 novembre 2026"
    assert dates.full_date(day) == "24 novembre 2026"
    assert dates.full_date(dt.date(2026, 8, 1)) == "1er août 2026"
    assert dates.short_date(day) == "24/11/2026"


def test_a_birth_date_is_shown_only_as_far_as_it_is_known():
    assert dates.birth_date_label(dt.date(1950, 3, 12)) == "12 mars 1950"
    assert dates.birth_date_label(dt.date(1950, 3, 1), "month") == "mars 1950"
    assert dates.birth_date_label(dt.date(1950, 12, 31), "year") == "1950"


def test_hours_are_written_for_sentences_and_for_columns():
    assert dates.clock(dt.time(14, 15)) == "14\u00a0h\u00a015"
    assert dates.clock(dt.time(7, 5)) == "7\u00a0h\u00a005"
    assert dates.clock(dt.time(14)) == "14\u00a0h"
    assert dates.column_clock(dt.time(7, 5)) == "07:05"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2026, 11, 16), (2026, 11, 22), "du 16 au 22 novembre 2026"),
        ((2026, 6, 1), (2026, 6, 7), "du 1er au 7 juin 2026"),
        ((2026, 9, 28), (2026, 10, 4), "du 28 septembre au 4 octobre 2026"),
        ((2026, 12, 28), (2027, 1, 3), "du 28 décembre 2026 au 3 janvier 2027"),
    ],
)
def test_a_span_says_nothing_twice(first, last, said):
    assert dates.span(dt.date(*first), dt.date(*last)) == said
