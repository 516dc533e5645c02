"""A day of November, and the story of the screens."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.factories import NOW
from tests.web.story import Story, enter, write_story


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    """The screens read the clock; their tests live on one day."""
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=True):
        yield


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Settings) -> None:
    """No folder of collected files to look for."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def story(db: None) -> Story:
    return write_story(NOW)


@pytest.fixture
def educator(story: Story) -> Client:
    return enter(story.staff["educator"])


@pytest.fixture
def lead(story: Story) -> Client:
    return enter(story.staff["team_lead"])
