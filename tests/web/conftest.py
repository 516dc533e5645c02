"""A day of November, and the story of the screens."""

import copy
import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import time_machine
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker, Settings

from tests.factories import NOW
from tests.web.story import Story, enter, undone, write_story


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    """The screens read the clock; their tests live on one day."""
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=True):
        yield


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Settings) -> None:
    """No folder of collected files to look for."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="module")
def written(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Story, Path]]:
    """The story and its files, once a module, in a transaction that holds those of its tests.

    A test that commits (`transaction=True`) has no place in such a module: it would end that transaction.
    """
    files = tmp_path_factory.mktemp("story")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(time_machine.travel(NOW + dt.timedelta(hours=2), tick=True))
        stack.enter_context(override_settings(MEDIA_ROOT=files))
        stack.enter_context(undone())
        story = write_story(NOW)
        yield story, files


@pytest.fixture
def story(written: tuple[Story, Path], db: None, settings: Settings) -> Story:
    """The story of the module, as if it were this test's own: what is done to it is undone."""
    story, files = written
    shutil.copytree(files, settings.MEDIA_ROOT)
    return copy.deepcopy(story)


@pytest.fixture
def educator(story: Story) -> Client:
    return enter(story.staff["educator"])


@pytest.fixture
def lead(story: Story) -> Client:
    return enter(story.staff["team_lead"])
