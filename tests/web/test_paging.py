"""Lists of work: everything is within reach, a page at a time, and how much there is is said."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange.models import Reception
from jalon.faces.paging import SIZE
from tests.factories import NOW
from tests.web.story import Story

pytestmark = pytest.mark.django_db
WAITING = 2 * SIZE + 3


@pytest.fixture
def many(story: Story) -> None:
    """More messages to match than three pages hold, the oldest being the first."""
    with tenant(story.body.pk):
        raw = store(b"From: ailleurs@exemple.test\r\n\r\n")
        for number in range(WAITING):
            Reception.objects.create(
                establishment=story.record.establishment, mailbox="essai@jalon.mssante.test", raw_sha256=raw,
                message_id=f"<{number}@essai>", received_at=NOW - dt.timedelta(days=90, minutes=-number),
                state="to_match", sender="ailleurs@exemple.test", subject=f"Courrier {number}",
            )  # fmt: skip


def shown(client: Client, page: str) -> str:
    return client.get(reverse("exchange:inbox"), {"attente": page}).content.decode()


def test_each_waiting_message_is_on_one_page_and_the_pages_say_how_many_there_are(
    story: Story, lead: Client, many: None
) -> None:
    pages = [shown(lead, str(number)) for number in (1, 2, 3)]
    for number in range(WAITING):
        assert sum(f"<b>Courrier {number}</b>" in page for page in pages) == 1, number
    with tenant(story.body.pk):  # the story has some of its own
        total = Reception.objects.filter(establishment=story.house, state="to_match").count()
    assert f"{SIZE + 1} à {2 * SIZE} sur {total}" in pages[1]
    assert 'href="?attente=1" rel="prev"' in pages[1]
    assert re.search(r'href="\?attente=3-apres-[0-9a-f-]{36}" rel="next"', pages[1])


@pytest.mark.parametrize(
    ("asked", "given"), [("9", "101 à "), ("-1", "101 à "), ("9" * 12, "101 à "), ("x", "1 à 50 sur ")]
)
def test_a_page_that_does_not_exist_gives_the_nearest(
    story: Story, lead: Client, many: None, asked: str, given: str
) -> None:
    assert given in shown(lead, asked)


def test_a_list_that_one_page_holds_says_nothing_of_pages(story: Story, lead: Client) -> None:
    assert "1 à " not in shown(lead, "1")
