"""A share of `jalon drill slow`: nobody's page waits for the service that others ask."""

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon_sandbox.bench.dossier import visitor
from jalon_sandbox.drills import slow
from tests.factories import NOW, PersonFactory
from tests.releases.database import address
from tests.support import process_environment
from tests.web.story import write_story

SLOW = 5.0  # seconds an answer


@pytest.fixture
def site(transactional_db: None, settings: Settings) -> str:
    """The database of the tests, with somebody in it, for processes of their own."""
    settings.WHITENOISE_AUTOREFRESH = True
    story = write_story(NOW)
    with tenant(story.body.pk):
        for name in ("UN", "DEUX", "TROIS", "QUATRE"):
            PersonFactory.create(with_qualified_identity=False, birth_name=f"FICTIF {name}")
    return str(connection.settings_dict["NAME"])


def test_pages_do_not_wait_for_a_service_that_four_people_ask(
    site: str, settings: Settings, tmp_path: Path
) -> None:
    with slow.services(tmp_path / "services") as both:
        both.slow, settings.INSI_URL = SLOW, both.environment["JALON_INSI_URL"]
        environment = process_environment() | both.environment | {
            "DATABASE_URL": address(site), "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
            "JALON_ACCESS_LOG": "false", "JALON_SERVICES_TIMEOUT": "10",
        }  # fmt: skip
        # One process, as many threads as people who ask: without threads aside, they would hold them all.
        with slow.working(environment, workers=1) as port:
            report = slow.campaign([visitor()], port, both, 1, 1.0)
    assert {"insi", "psc"} == report.figures.keys()
    for figures in report.figures.values():
        assert (figures["errors"], figures["slowest_s"] < SLOW * 2 / 3) == (0, True)
    assert min(both.asked[name] for name in ("insi", "psc")) >= slow.ASKING
