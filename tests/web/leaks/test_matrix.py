"""Every address × function × place × method: nothing of another place in any answer, mail or log."""

import pytest
from django.test import Client

from jalon.staff.rules import Role, who_may
from tests.web.leaks.asking import odd, of_elsewhere, told_by, whole
from tests.web.leaks.world import PLACES, World, mark, tables, told_in
from tests.web.story import enter

pytestmark = pytest.mark.django_db


def test_every_place_is_marked_wherever_it_says_something(world: World) -> None:
    for place in PLACES:
        assert len(world.ids[place]) >= 15, place
    with_words = [model for model in tables() if told_in_any(world, model)]
    assert len(with_words) >= 20, with_words


def told_in_any(world: World, model: type) -> bool:
    from jalon.db.tenant import tenant

    with tenant(world.story.cases["other_body"].record.managing_body_id):
        return told_in(model, mark("other_body"))


@pytest.mark.requirement("SC.SSI/GEN.16")
@pytest.mark.parametrize("role", list(Role))
def test_no_address_tells_a_function_anything_of_another_place(
    world: World, clients: dict[str, Client], role: str, caplog: pytest.LogCaptureFixture
) -> None:
    leaks = {}
    for asked in whole(world, role):
        if told := told_by(world, clients[role], asked, role, caplog):
            leaks[str(asked)] = told
    assert leaks == {}


@pytest.mark.parametrize("role", ["team_lead", "secretary", "administrator"])
def test_whoever_works_in_a_whole_house_is_told_nothing_of_another(
    world: World, caplog: pytest.LogCaptureFixture, role: str
) -> None:
    client, leaks, others = enter(world.story.hire(role)), {}, PLACES[1:]
    client.raise_request_exception = False
    for asked in whole(world, role):
        if "other_unit" in asked.place:
            continue
        if told := told_by(world, client, asked, role, caplog, others):
            leaks[str(asked)] = told
    assert leaks == {}


def test_no_method_that_a_page_has_not_tells_anything_of_another_place(
    world: World, clients: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    leaks = {}
    for asked in odd(world):
        role = min(who_may(asked.page.view.permission))
        if told := told_by(world, clients[role], asked, role, caplog):
            leaks[str(asked)] = told
    assert leaks == {}


def test_no_filter_search_or_choice_tells_anything_of_another_place(
    world: World, clients: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    leaks = {}
    for asked in of_elsewhere(world):
        role = max(who_may(asked.page.view.permission))
        if told := told_by(world, clients[role], asked, role, caplog):
            leaks[str(asked)] = told
    assert leaks == {}
