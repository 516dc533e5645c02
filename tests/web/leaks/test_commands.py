"""Every command × place: what it prints, writes and changes is ours, and what its account may open."""

from pathlib import Path

import pytest
from django.core import mail

from jalon.db.tenant import tenant
from jalon.staff.models import Account
from jalon.staff.rules import Role
from tests.commands.conftest import Jalon, jalon
from tests.web.leaks.commanding import OF_NO_PERSON, leaves, orders, written_in
from tests.web.leaks.world import World, tables
from tests.web.story import hired, undone

__all__ = ["jalon"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(world: World) -> Account:
    """A director of the other body."""
    record = world.story.cases["other_body"].record
    with tenant(record.managing_body_id):
        return hired(record.managing_body, Role.DIRECTOR, record.establishment)


def rows_elsewhere(world: World) -> dict[str, list[dict[str, object]]]:
    """Every row of the other body."""
    with tenant(world.story.cases["other_body"].record.managing_body_id):
        return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in tables()}


def test_every_command_is_asked_or_is_of_no_person(world: World, stranger: Account, tmp_path: Path) -> None:
    asked = {order.name for order in orders(world, stranger, tmp_path)}
    assert asked | set(OF_NO_PERSON) == leaves()
    assert not asked & set(OF_NO_PERSON)


def test_no_command_of_a_body_tells_or_changes_anything_of_another_place(
    world: World, stranger: Account, jalon: Jalon, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before, leaks = rows_elsewhere(world), {}
    known: set[Path] = set()
    for order in orders(world, stranger, tmp_path):
        with undone():
            done = jalon(*order.line)
        said = [done.out, done.err, caplog.text, written_in(tmp_path, known), *map(str, mail.outbox)]
        caplog.clear()
        if told := world.told("\n".join(said), order.closed, " ".join(order.line)):
            leaks[" ".join(order.line)] = told
    assert leaks == {}
    assert rows_elsewhere(world) == before
