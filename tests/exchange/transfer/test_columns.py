"""Every column and its element: what is put is what is read back, and what is not edited is not touched."""

import datetime as dt
from collections.abc import Container
from functools import cache
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.exchange.transfer.bind import Bind, merged, swapped
from jalon.exchange.transfer.codec import dump, load
from jalon.exchange.transfer.rows import content
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import ALL, PERSON, items_of
from jalon.exchange.transfer.times import PARIS, can_be_kept, parse_day, parse_moment, written_moment
from jalon.formats.tddui import Transfer, read
from tests.exchange.transfer.files import sample

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
DATED = {"birth_date", "birth_date_precision", "died_on_precision"}
NEVER_EMPTY = {*DATED, "sex", "trusted", "birth_place", "death_reported"}


def each_bind(but: Container[str] = ()) -> pytest.MarkDecorator:
    """Every column of every class, less some."""
    pairs = [(table, bind) for table in ALL for bind in table.binds if bind.column not in but]
    ids = [f"{table.name}.{bind.column}" for table, bind in pairs]
    return pytest.mark.parametrize(("table", "bind"), pairs, ids=ids)


@cache
def transfer() -> Transfer:
    return read(sample())


def objects(table: AnyTable) -> list[Any]:
    """The one of the widest record, and one that says nothing."""
    return [*items_of(table, transfer()), table.data(key="vide")]


def values(table: AnyTable, column: str) -> st.SearchStrategy[Any]:
    """What a screen may put in this column, but nothing."""
    field: Any = table.model._meta.get_field(column)
    if isinstance(field, ArrayField):
        return st.lists(TEXT, unique=True, max_size=3)
    if field.choices:
        return st.sampled_from([code for code, _ in field.choices if code])
    if isinstance(field, models.DateTimeField):
        return st.integers(0, 2**32).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
    if isinstance(field, models.DateField):
        return st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
    if isinstance(field, models.BooleanField):
        return st.booleans()
    if isinstance(field, models.PositiveSmallIntegerField):
        return st.integers(1, 32767)
    return TEXT


def nothing(table: AnyTable, column: str) -> Any:
    """The empty value of a column; None when it has none."""
    field: Any = table.model._meta.get_field(column)
    return (
        []
        if isinstance(field, ArrayField)
        else ""
        if isinstance(field, models.CharField | models.TextField)
        else None
    )


@each_bind(but=DATED)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_column_put_is_the_column_read(table: AnyTable, bind: Bind, data: st.DataObject) -> None:
    value = data.draw(values(table, bind.column))
    for item in objects(table):
        assert bind.get(bind.put(item, value)) == value


@each_bind()
def test_a_column_that_says_the_same_touches_nothing(table: AnyTable, bind: Bind) -> None:
    for item in objects(table):
        assert bind.put(item, bind.get(item)) is item


@each_bind(but=NEVER_EMPTY)
def test_a_column_emptied_takes_its_element_away(table: AnyTable, bind: Bind) -> None:
    """One at a time where there are several: the first phone, then the next."""
    for item in objects(table):
        for _ in range(3):
            item = bind.put(item, nothing(table, bind.column))
        assert not bind.get(item)


@given(date=st.dates(dt.date(1900, 1, 1)), precision=st.sampled_from(["day", "month", "year"]))
def test_a_birth_date_keeps_the_precision_it_is_known_with(date: dt.date, precision: str) -> None:
    known = {"day": date, "month": date.replace(day=1), "year": date.replace(month=12, day=31)}[precision]
    columns = {bind.column: bind for bind in PERSON.binds}
    for item in objects(PERSON):
        for name, value in (("birth_date", known), ("birth_date_precision", precision)):
            item = columns[name].put(item, value)
        assert len(item.birth_date) == {"day": 10, "month": 7, "year": 4}[precision]
        assert (columns["birth_date"].get(item), columns["birth_date_precision"].get(item)) == (
            known,
            precision,
        )


def test_a_year_that_turns_out_to_be_its_last_day_becomes_a_date() -> None:
    columns = {bind.column: bind for bind in PERSON.binds}
    item = PERSON.data(key="x", birth_date="1950")
    assert columns["birth_date_precision"].put(item, "day").birth_date == "1950-12-31"


def hollow(node: Any) -> bool:
    """Whether something in a resource is empty, which FHIR forbids."""
    if isinstance(node, dict | list):
        below = node.values() if isinstance(node, dict) else node
        return not node or any(map(hollow, below))
    return False


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_emptying_every_column_of_a_class_leaves_the_neighbors_in_peace(table: AnyTable) -> None:
    """An address emptied part by part is not replaced by the next one, which would be emptied in turn."""

    class Empty:
        def __getattr__(self, column: str) -> Any:
            kept = {"sex": "U", "birth_date_precision": "day", "birth_place": "99999", "trusted": False}
            return kept.get(column, nothing(table, column))

    for item in items_of(table, transfer()):
        emptied = merged(table, item, Empty())
        for name in ("addresses", "names", "targets"):
            assert getattr(emptied, name, ())[1:] == getattr(item, name, ())[1:]
        assert not hollow(content(table.fill(emptied)))


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_what_is_stored_of_an_object_gives_it_back(table: AnyTable) -> None:
    for item in objects(table):
        assert load(table.data, dump(item)) == item


# --- dates --------------------------------------------------------------------------------------------------


def test_a_partial_end_is_the_last_day_it_may_be() -> None:
    assert parse_day("2026", last=True) == dt.date(2026, 12, 31)
    assert parse_day("2024-02", last=True) == dt.date(2024, 2, 29)
    assert parse_day("2024-02") == dt.date(2024, 2, 1)
    assert parse_day("2026-03-02T23:30:00-05:00") == dt.date(2026, 3, 2)
    assert parse_day("") is None


def test_a_moment_without_an_hour_is_a_whole_day_in_paris() -> None:
    start, end = parse_moment("2026-03-02"), parse_moment("2026-03-02", last=True)
    assert start is not None and end is not None
    assert start.isoformat() == "2026-03-01T23:00:00+00:00"
    assert start < end < start + dt.timedelta(days=1)


def test_a_leap_second_and_long_fractions_are_read() -> None:
    assert parse_moment("2016-12-31T23:59:60Z") == dt.datetime(2016, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    read_back = parse_moment("2026-03-02T14:00:00.123456789+01:00")
    assert read_back is not None and read_back.microsecond == 123456


def test_an_instant_is_written_with_an_offset_that_fhir_has() -> None:
    assert written_moment(dt.datetime(1900, 1, 1, 12, tzinfo=PARIS)).endswith("+00:00")
    assert written_moment(dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)) == "2026-07-01T12:00:00+02:00"


def test_the_ends_of_the_calendar_cannot_be_kept() -> None:
    assert not can_be_kept(dt.datetime(1, 1, 1, tzinfo=dt.UTC))
    assert not can_be_kept(dt.datetime(9999, 12, 31, 23, tzinfo=dt.UTC))
    assert can_be_kept(dt.datetime(2026, 11, 22, tzinfo=dt.UTC))


def test_swapping_replaces_removes_or_adds() -> None:
    assert swapped(("a", "b"), 1, "c") == ("a", "c")
    assert swapped(("a", "b"), 0, None) == ("b",)
    assert swapped(("a",), None, "c") == ("c", "a")
