"""A page that is read writes nothing but its trace: the connection refuses, whatever the view calls."""

import re

import pytest
from django.db import InternalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalon.audit.models import Access, Entry
from jalon.db.tenant import tenant
from jalon.faces.gate import Gate
from jalon.web.middleware import ACCOUNT
from tests.web.access_table import TABLE, Row
from tests.web.pages import every_page
from tests.web.story import Story, enter
from tests.web.test_access_table import address

WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
ODD = pytest.mark.urls("tests.web.odd_urls")


@ODD
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_is_read_cannot_write_even_by_an_action(story: Story, lead: Client, method: str) -> None:
    url = reverse("writes", args=[story.record.pk])
    with pytest.raises(InternalError, match="read-only transaction"):
        getattr(lead, method)(url)
    with tenant(story.body.pk):
        assert not Entry.objects.exists()


@ODD
def test_the_same_view_may_write_when_something_is_sent(story: Story, lead: Client) -> None:
    assert lead.post(reverse("writes", args=[story.record.pk])).status_code == 200
    with tenant(story.body.pk):
        assert Entry.objects.filter(action="people.edited").count() == 1


def test_the_page_of_accesses_and_every_page_of_a_record_still_leave_their_trace(
    story: Story, lead: Client
) -> None:
    lead.get(reverse("records:accesses", args=[story.record.pk]))
    (trace,) = story.traces()
    assert (trace.page, trace.outcome) == ("records:accesses", Access.Outcome.OPENED)


def written(story: Story, row: Row) -> set[str]:
    """The tables that this page writes when it is read, by somebody who may."""
    role = min(row.roles)
    client = enter(story.hire(role) if row.whole else story.staff[role])
    with CaptureQueriesContext(connection) as queries:
        assert getattr(client, row.method)(address(row, story.cases["own"])).status_code == row.answer
    return {table for query in queries.captured_queries for table in WRITTEN.findall(query["sql"])}


def test_every_page_that_is_read_writes_its_trace_and_the_minute_of_the_session_alone(story: Story) -> None:
    read = [row for row in TABLE if row.method == "get"]
    assert len(read) > 30
    found = {str(row): written(story, row) - {"audit_access", "staff_session"} for row in read}
    assert {page: tables for page, tables in found.items() if tables} == {}


def test_the_pages_of_an_account_that_may_write_when_read_show_no_record() -> None:
    free = [page for page in every_page() if f"/{page.route}".startswith(ACCOUNT)]
    assert {"mfa_view_recovery_codes", "account_login"} <= {page.name for page in free}
    ours = {page.name for page in free if isinstance(page.view, type) and issubclass(page.view, Gate)}
    assert ours == set()


def test_a_write_hidden_behind_a_setting_would_be_found() -> None:
    hidden = """SELECT set_config('a', 'b', true); INSERT INTO "care_note" ("id") VALUES (1)"""
    assert WRITTEN.findall(hidden) == ["care_note"]
