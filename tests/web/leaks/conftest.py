"""The world of the leaks: written once a module, and its colleagues signed in."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.web.leaks.world import World, marked
from tests.web.story import Story, enter

NAME = settings.SESSION_COOKIE_NAME


@pytest.fixture(scope="module")
def world_written(written: tuple[Story, Path]) -> World:
    return marked(written[0])


@pytest.fixture
def world(world_written: World, story: Story) -> World:
    """The marked world: what a test does to it is undone."""
    return world_written


@pytest.fixture(scope="module")
def sessions(world_written: World) -> dict[str, str]:
    """The session of each function in our unit, opened once."""
    staff = world_written.story.staff
    return {role: enter(account).cookies[NAME].value for role, account in staff.items()}


def browser(session: str) -> Client:
    """Signed in with this session."""
    client = Client(raise_request_exception=False)
    client.cookies[NAME] = session
    return client


@pytest.fixture
def clients(world: World, sessions: dict[str, str]) -> dict[str, Client]:
    return {role: browser(session) for role, session in sessions.items()}
