"""The news of a unit: told for some days to whoever works there, read like a note."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.care import relay
from jalon.care.actions import acknowledge_news, take_back
from jalon.care.models import Acknowledgement, News
from jalon.care.queries import news_of, news_today
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.staff.queries import Place
from jalon.staff.rules import Role
from tests.care.factories import NewsFactory
from tests.factories import (
    NOW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    EstablishmentFactory,
    HandoverNoteFactory,
    ProfessionalFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=5)


def tell(**changes: Any) -> News:
    days = {"starts_on": TODAY, "ends_on": TOMORROW, "now": NOW, "today": TODAY}
    said = {"text": "Ascenseur en panne", "unit": None} | days | changes
    said.setdefault("establishment", EstablishmentFactory())
    said.setdefault("by", ProfessionalFactory())
    return relay.tell_news(**said)


def refused(code: str, act: Any, **said: Any) -> None:
    with pytest.raises(DomainError) as refusal:
        act(**said)
    assert refusal.value.code == code


def test_news_are_told_on_their_days_and_no_other(body: ManagingBody) -> None:
    news = tell(starts_on=TODAY, ends_on=TOMORROW)
    days = {day: news_today(News.objects.all(), reader=news.author, today=day).exists() for day in
            (YESTERDAY, TODAY, TOMORROW, TOMORROW + dt.timedelta(days=1))}  # fmt: skip
    assert list(days.values()) == [False, True, True, False]


def test_news_that_say_nothing_or_hold_on_no_day_are_refused(body: ManagingBody) -> None:
    refused("empty_news", tell, text=" ")
    refused("news_ends_before_start", tell, starts_on=TOMORROW, ends_on=TODAY)
    refused("news_over", tell, starts_on=YESTERDAY, ends_on=YESTERDAY)
    refused("news_too_long", tell, ends_on=TODAY + dt.timedelta(days=93))
    refused("unit_of_elsewhere", tell, unit=UnitFactory())
    for wrong, constraint in (
        ({"text": ""}, "news_says_something"),
        ({"ends_on": YESTERDAY}, "news_ends_after_start"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            NewsFactory(**wrong)


def test_news_of_a_unit_are_told_to_who_works_there_and_in_the_whole_house(body: ManagingBody) -> None:
    unit = UnitFactory()
    house = unit.establishment
    ours, whole = NewsFactory(establishment=house, unit=unit), NewsFactory(establishment=house)
    other = NewsFactory(establishment=house, unit=UnitFactory(establishment=house))
    NewsFactory()

    def told(*places: Place) -> set[News]:
        return set(news_of(places))

    assert told(Place(house.pk, unit.pk, Role.EDUCATOR, frozenset())) == {ours, whole}
    assert told(Place(house.pk, None, Role.EDUCATOR, frozenset())) == {ours, whole, other}
    assert told() == set()


def test_news_are_read_once_and_taken_back_at_once(body: ManagingBody) -> None:
    news, reader = NewsFactory(), ProfessionalFactory()
    unread = NewsFactory(establishment=news.establishment)
    for _ in range(2):
        acknowledge_news(news=news, by=reader, now=NOW)
    rows = news_today(News.objects.all(), reader=reader, today=TODAY)
    assert [(one.pk, one.is_read) for one in rows] == [(unread.pk, False), (news.pk, True)]
    refused("too_late_to_undo", take_back, read=news, by=reader, now=LATER)
    take_back(read=news, by=reader, now=NOW)
    assert not Acknowledgement.objects.exists()


def test_what_is_read_is_a_note_or_news_and_one_of_them(body: ManagingBody) -> None:
    reader = ProfessionalFactory()
    for both in ({}, {"note": HandoverNoteFactory(), "news": NewsFactory()}):
        with pytest.raises(IntegrityError, match="read_one_thing"), transaction.atomic():
            Acknowledgement.objects.create(professional=reader, read_at=NOW, **both)


def test_news_that_hold_no_more_leave_and_come_back_after_a_slip(body: ManagingBody) -> None:
    news, by = NewsFactory(), ProfessionalFactory()
    for _ in range(2):
        relay.end_news(news=news, by=by, now=NOW)
    assert not news_today(News.objects.all(), reader=by, today=TODAY).exists()
    refused("too_late_to_undo", relay.restore_news, news=news, by=by, now=LATER)
    for _ in range(2):
        relay.restore_news(news=news, by=by, now=NOW)
    assert news_today(News.objects.all(), reader=by, today=TODAY).exists()
