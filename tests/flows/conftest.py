"""The flows meet the same simulated services as the tests of the exchanges, and the story of the screens."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.exchange.conftest import sandbox, world
from tests.web.story import Story, write_story

__all__ = ["sandbox", "world"]


@pytest.fixture
def story(db: None, settings: Settings) -> Story:
    """Two houses and their staff, today: the certificates of the simulators are of today too."""
    settings.WHITENOISE_AUTOREFRESH = True
    return write_story(timezone.now())
