"""The simulated services, once a session; each test finds them whole and the settings turned to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from jalon.organizations.models import Establishment, ManagingBody
from jalon.plans.models import PersonalPlan
from tests.exchange import world as worlds
from tests.exchange.world import Post, World


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("sandbox")
    with worlds.running(folder) as world:
        yield world


@pytest.fixture
def world(sandbox: World, settings: Settings) -> Iterator[World]:
    worlds.connect(settings, sandbox.environment)
    sandbox.heal()
    yield sandbox
    sandbox.heal()


@pytest.fixture
def house(world: World, settings: Settings, body: ManagingBody) -> Establishment:
    """An establishment of the managing body, with its mailbox."""
    return worlds.house(world, settings)


@pytest.fixture
def plan(house: Establishment) -> PersonalPlan:
    """The plan of a person of qualified identity, ready to be signed."""
    return worlds.plan(worlds.record(house))


@pytest.fixture
def post(plan: PersonalPlan, body: ManagingBody) -> Post:
    """The same plan, signed and published: its two deliveries wait for a worker."""
    return Post(body, worlds.publish(plan, timezone.now()))
