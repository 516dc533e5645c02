"""The written table of who may open what, held against the product: no page escapes it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView, RecordView
from tests.web.access_table import PUBLIC, ROLES, TABLE, Row
from tests.web.pages import UNDER_A_RECORD, Page, every_page
from tests.web.story import Case, Story, enter, undone

OURS = [page for page in every_page() if page.name not in PUBLIC]
NAME = settings.SESSION_COOKIE_NAME


def address(row: Row, case: Case) -> str:
    """The address of the row for that record: what its route does not hold is left out."""
    route = next(page.route for page in OURS if page.name == row.name)
    arguments = row.arguments(case)
    return reverse(row.name, kwargs={name: arguments[name] for name in arguments if f":{name}>" in route})


@pytest.fixture(scope="module")
def sessions(written: tuple[Story, Path]) -> dict[str, str]:
    """The session of each role, opened once: the table asks some thousands of pages."""
    staff = written[0].staff
    return {role: enter(account).cookies[NAME].value for role, account in staff.items()}


@pytest.fixture
def clients(story: Story, sessions: dict[str, str]) -> dict[str, Client]:
    """A browser of each role, signed in."""
    opened = {role: Client() for role in sessions}
    for role, client in opened.items():
        client.cookies[NAME] = sessions[role]
    return opened


def status(client: Client, row: Row, case: Case) -> int:
    return int(getattr(client, row.method)(address(row, case), row.sent(case)).status_code)


def test_every_page_is_in_the_table_or_among_the_public_ones_with_its_reason() -> None:
    written = {row.name for row in TABLE} | set(PUBLIC)
    assert {page.name for page in every_page()} == written
    assert not {row.name for row in TABLE} & set(PUBLIC)


def test_every_method_of_every_page_has_its_row() -> None:
    written = {(row.name, row.method) for row in TABLE}
    assert {(page.name, method) for page in OURS for method in page.methods} == written


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_a_page_passes_the_gate_with_a_declared_permission(page: Page) -> None:
    gate = RecordView if page.route.startswith(UNDER_A_RECORD) else ProfessionalView
    assert issubclass(page.view, gate)
    assert isinstance(page.view.permission, Permission)


def test_every_role_of_the_product_has_its_letter() -> None:
    from jalon.staff.rules import Role

    assert set(ROLES.values()) == set(Role)
    assert {len(row.who) for row in TABLE} == {len(ROLES)}
    assert all(letter in (".", own) for row in TABLE for letter, own in zip(row.who, ROLES, strict=True))


@pytest.fixture(scope="module")
def whole_sessions(written: tuple[Story, Path]) -> dict[str, str]:
    """The session of somebody of each role, in the whole of our house."""
    return {role: enter(written[0].hire(role)).cookies[NAME].value for role in ROLES.values()}


@pytest.mark.parametrize("row", [row for row in TABLE if row.whole], ids=str)
def test_what_takes_the_whole_house_opens_to_these_roles_there(
    story: Story, whole_sessions: dict[str, str], row: Row
) -> None:
    answers = {}
    for role, session in whole_sessions.items():
        client = Client()
        client.cookies[NAME] = session
        answers[role] = status(client, row, story.cases["own"])
    assert answers == {role: row.answer if role in row.roles else 403 for role in ROLES.values()}


@pytest.mark.requirement("SC.SSI/GEN.16")
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_role_gets_in_its_own_unit_what_the_table_says(
    story: Story, clients: dict[str, Client], row: Row
) -> None:
    answers = {}
    for role, client in clients.items():
        with undone():
            answers[role] = status(client, row, story.cases["own"])
    given = row.roles if not row.whole else set()
    assert answers == {role: row.answer if role in given else 403 for role in ROLES.values()}


def test_a_visitor_is_sent_to_the_sign_in_page_whatever_they_ask(story: Story) -> None:
    for row in TABLE:
        for place in story.cases:
            asked = address(row, story.cases[place])
            answer = getattr(Client(), row.method)(asked)
            leads_on = row.method == "get" and row.name != "home:day"
            door = reverse("account_login") + (f"?{urlencode({'next': asked})}" if leads_on else "")
            assert (answer.status_code, answer["Location"]) == (302, door), row


def test_a_method_that_is_not_in_the_table_is_refused(story: Story, clients: dict[str, Client]) -> None:
    for page in OURS:
        row = next(row for row in TABLE if row.name == page.name)
        client = clients[min(row.roles or {"director"})]
        for method in {"get", "post", "put", "delete"} - page.methods:
            with undone():
                assert getattr(client, method)(address(row, story.cases["own"])).status_code == 405, page
