"""What stopped by itself is said to whoever sorts the mailbox: messages, mailboxes, periodic work."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jalon.core.errors import Unreachable
from jalon.db.tenant import tenant
from jalon.exchange import confined, tasks
from jalon.exchange.inbox import filing, rounds
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Reception, ReceptionState
from tests.exchange.letters import letter
from tests.web.story import Story, enter
from tests.web.test_letters import address, posted, text

pytestmark = pytest.mark.django_db
INBOX, HOME = "/messagerie/", "/ma-journee/"


@pytest.fixture
def bad(story: Story) -> Reception:
    """A message that carries no document."""
    with tenant(story.body.pk):
        now = timezone.now()
        raw = letter(None, subject="Une question")
        return process(reception=keep_raw(establishment=story.house, raw=raw, now=now), now=now)


@pytest.fixture
def sorter(story: Story) -> Client:
    return enter(story.staff["secretary"])


def state(story: Story, reception: Reception) -> str:
    with tenant(story.body.pk):
        return str(Reception.objects.get(pk=reception.pk).state)


def test_a_message_that_could_not_be_read_is_told_and_dealt_with(
    story: Story, sorter: Client, bad: Reception
) -> None:
    assert "1 message mis de côté" in text(sorter, HOME)
    inbox = text(sorter, INBOX)
    assert "Mis de côté par le logiciel" in inbox
    assert "Une question" in inbox
    shown = text(sorter, address("message", bad))
    assert "Relire le message" in shown
    assert "toujours pas pu être lu" in posted(sorter, "replay", bad)
    assert "Dites ce que vous avez fait" in posted(sorter, "dismiss", bad, reason="  ")
    assert "Le message est traité." in posted(sorter, "dismiss", bad, reason="Répondu par téléphone.")
    assert state(story, bad) == ReceptionState.SET_ASIDE
    assert "mis de côté" not in text(sorter, HOME)
    assert "Mis de côté" not in text(sorter, INBOX)


def test_a_message_is_read_once_more_when_the_software_can(
    story: Story, sorter: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise TypeError

    with monkeypatch.context() as patch, tenant(story.body.pk):
        patch.setattr(filing, "_documents", failing)
        patch.setattr(confined, "carried", failing)
        now = timezone.now()
        bad = process(reception=keep_raw(establishment=story.house, raw=letter(None), now=now), now=now)
    assert bad.reason == filing.UNFORESEEN
    posted(sorter, "replay", bad)
    with tenant(story.body.pk):
        assert "IHE_XDM.zip" in Reception.objects.get(pk=bad.pk).reason


def test_a_mailbox_that_fails_is_told_where_the_day_begins_and_where_mail_is_read(
    story: Story, sorter: Client
) -> None:
    with tenant(story.body.pk):
        rounds.failed(story.house.pk, Unreachable("MSSanté", "[Errno 111]"), now=timezone.now())
    for page in (HOME, INBOX):
        shown = text(sorter, page)
        assert "L’opérateur de messagerie ne répond pas." in shown
        assert "Errno" not in shown
    with tenant(story.body.pk):
        rounds.succeeded(story.house.pk, left=0, now=timezone.now())
    assert "ne répond pas" not in text(sorter, HOME)


def test_a_periodic_task_that_fails_is_told_until_it_works_again(story: Story, sorter: Client) -> None:
    def ended(status: str) -> None:
        number = tasks.adopt.defer(timestamp=0)
        ProcrastinateJob.objects.filter(pk=number).update(status=status)

    ended("succeeded")
    assert "tâche automatique" not in text(sorter, HOME)
    ended("failed")
    assert "Une tâche automatique échoue" in text(sorter, HOME)
    ended("succeeded")
    assert "tâche automatique" not in text(sorter, HOME)


def test_whoever_does_not_sort_the_mailbox_is_told_nothing(story: Story, bad: Reception) -> None:
    assert "mis de côté" not in text(enter(story.staff["educator"]), HOME)
