"""How many questions a page asks the database: counted, so that a loop of queries cannot slip in.

Left out, since every page pays them: the transaction and its tenant, the session, who is asking.
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalon.db.tenant import tenant
from tests.factories import (
    ContactFactory,
    EventFactory,
    FunctionFactory,
    GoalFactory,
    HandoverNoteFactory,
    RecordFactory,
)
from tests.web.story import Story

FRAME = re.compile(
    r"SAVEPOINT|RELEASE|ROLLBACK|SELECT set_config\('jalon|select (set_config|current_setting)|staff_session"
    r'|FROM "staff_(account|seat|professional|membership)" '
)
BOUNDS = {
    "records:summary": 13,  # the tasks of its notes, when there are any
    "records:plan": 16,
    "records:agenda": 9,
    "records:documents": 11,
    "records:circle": 9,
    "records:identity": 8,
    "records:accesses": 9,
    "home:day": 14,  # my last passage, my tasks; the mailboxes that stopped, the jobs that failed; the trace
    "people:list": 6,
    "people:search": 4,
    "handover:list": 12,  # the last passage, the exchanges, who has read, the vigilances; tasks and news
    "agenda:week": 6,
    "exchange:inbox": 10,  # the rounds of each mailbox, the messages that could not be read; the trace
    "directory:list": 6,
    "people:new": 3,
}


def asked(client: Client, name: str, story: Story) -> list[str]:
    address = reverse(name, args=[story.record.pk] if name.startswith("records:") else [])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries.captured_queries if not FRAME.search(query["sql"])]


@pytest.mark.parametrize("name", BOUNDS)
def test_a_page_asks_few_questions(story: Story, lead: Client, name: str) -> None:
    questions = asked(lead, name, story)
    assert len(questions) <= BOUNDS[name], "\n".join(sql[:160] for sql in questions)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_page_asks_no_more_when_there_is_more_to_show(story: Story, lead: Client, name: str) -> None:
    before = len(asked(lead, name, story))
    with tenant(story.body.pk):
        for _ in range(3):
            record = RecordFactory.create(establishment=story.house, unit=story.unit)
            FunctionFactory.create()
            for one in (record, story.record):
                HandoverNoteFactory.create(record=one, written_at=story.now)
                EventFactory.create(record=one, starts_at=story.now)
                ContactFactory.create(person=one.person)
            GoalFactory.create(plan=story.record.plans.get(), status="ACTIF")
    assert len(asked(lead, name, story)) == before
