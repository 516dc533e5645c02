"""Codes tried at the same instant by several processes: each is counted, none goes beyond the last."""

import threading

import pytest
from django.db import connection

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.setup import posts
from jalon.staff.models import Post, Turn
from tests.factories import NOW
from tests.web.story import Story, write_story

pytestmark = pytest.mark.django_db(transaction=True)
CODE, THREADS = "402917", 8


def opened(story: Story) -> Turn:
    nurse, director = story.staff["nurse"], story.professional("director")
    posts.set_code(account=nurse, code=CODE)
    with tenant(story.body.pk):
        post = posts.declare(establishment=story.house, name="Bureau", minutes=10, by=director, now=NOW)
        return posts.arrive(post=post, account=nurse, since=NOW, ends_at=NOW.replace(hour=23), now=NOW)


def test_no_try_is_lost_when_they_come_together() -> None:
    story = write_story(NOW)
    turn, answers = opened(story), []

    def tries(code: str) -> None:
        try:
            with tenant(story.body.pk):
                answers.append(posts.back_by_code(turn=turn, code=code, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=tries, args=(f"60418{number}",)) for number in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    tries(CODE)
    assert answers == [False] * (THREADS + 1)
    with tenant(story.body.pk):
        assert Turn.objects.get().mistakes == THREADS + 1
        assert Entry.objects.filter(action="post.refused").count() == THREADS + 1
        assert list(posts.open_turns(Post.objects.get(), NOW)) == []
