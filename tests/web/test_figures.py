"""The page of the indicators says what is true now, whether the worker passed or not, and costs little."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jalon.db.tenant import tenant
from jalon.indicators.models import Recount, Tally
from jalon.indicators.tasks import keep_up
from jalon_sandbox.bench.dossier import EVERY_PAGE, FRAMES, READ_ONLY
from tests.factories import HandoverNoteFactory, RecordFactory, StayFactory
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


def active(director: Client) -> tuple[int, int]:
    """Numerator and denominator of the active records."""
    page = director.get(reverse("indicators:index")).content.decode()
    found = re.search(r"(\d+) dossiers actifs, pour (\d+)", page)
    assert found
    return int(found[1]), int(found[2])


@pytest.fixture
def today() -> Iterator[None]:
    """The database has no other clock: what it notes is of today, hence of a month that runs today."""
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(dt.UTC), tick=True):
        yield


def somebody_new(story: Story) -> None:
    with tenant(story.body.pk):
        record = RecordFactory.create(establishment=story.house)
        StayFactory.create(record=record)
        HandoverNoteFactory.create(record=record, written_at=timezone.now())


def test_what_was_just_written_is_counted_before_and_after_the_worker_passes(
    story: Story, today: None
) -> None:
    director = enter(story.hire("director"))
    counted, among = active(director)
    keep_up(story.body.pk, timezone.now())
    assert active(director) == (counted, among)
    somebody_new(story)
    assert active(director) == (counted + 1, among + 1)
    keep_up(story.body.pk, timezone.now())
    with tenant(story.body.pk):
        assert Tally.objects.exists()
        assert not Recount.objects.exists()
    assert active(director) == (counted + 1, among + 1)


def test_the_page_and_its_lists_ask_no_more_than_twelve_questions(story: Story, today: None) -> None:
    director = enter(story.hire("director"))
    for _ in ("the worker has not passed", "it has, and a record was written to since"):
        for name, told in (("indicators:index", ()), ("indicators:proof", ("I2",))):
            with CaptureQueriesContext(connection) as asked:
                assert director.get(reverse(name, args=told)).status_code == 200
            assert sum(_own(one["sql"]) for one in asked.captured_queries) <= 12
        keep_up(story.body.pk, timezone.now())
        somebody_new(story)


def _own(sql: str) -> bool:
    """Is this one asked by the page itself, and not by what frames every page?"""
    return not (sql.startswith(FRAMES) or READ_ONLY in sql or EVERY_PAGE.match(sql))
