"""What the teams hand over beside their notes: replies, what is to be taken over, the news of each house."""

import datetime as dt
from collections.abc import Iterator

from jalon.care.models import HandoverNote, News, Task
from jalon_sandbox.demo import threads
from jalon_sandbox.demo.cast import Story
from jalon_sandbox.demo.population import Someone
from jalon_sandbox.demo.texts import words_for


def write_relay(story: Story) -> None:
    """Replies and tasks of the two threads, then the news."""
    for someone, record in story.records:
        for fact in sorted(someone.facts & threads.LEFT.keys()):
            notes = {note.title: note for note in record.notes.all()}
            HandoverNote.objects.bulk_create(_replies(story, someone, fact, notes))
            Task.objects.bulk_create(_tasks(story, someone, fact, notes))
    News.objects.bulk_create(_news(story))


def _replies(
    story: Story, someone: Someone, fact: str, notes: dict[str, HandoverNote]
) -> Iterator[HandoverNote]:
    for said in threads.REPLIES[fact]:
        note = notes.get(words_for(someone.traits, said.title))
        at, authors = story.moment(-1, *said.at), story.workers(someone, said.role)
        if note and authors and at < story.now:
            yield HandoverNote(
                record_id=note.record_id, author=authors[0], written_at=at, family=note.family,
                text=said.words, answers=note,
            )  # fmt: skip


def _tasks(story: Story, someone: Someone, fact: str, notes: dict[str, HandoverNote]) -> Iterator[Task]:
    for left in threads.LEFT[fact]:
        note = notes.get(words_for(someone.traits, left.title))
        if note:
            holders = story.workers(someone, left.role) if left.role else []
            yield Task(
                record_id=note.record_id, note=note, what=words_for(someone.traits, left.what),
                due_on=None if left.in_days is None else story.today + dt.timedelta(days=left.in_days),
                due_time=None if left.hour is None else dt.time(left.hour), asked_by_id=note.author_id,
                asked_at=note.written_at, holder=holders[0] if holders else None,
            )  # fmt: skip


def _news(story: Story) -> Iterator[News]:
    for code, house in story.houses.items():
        heads = [one for worker, one in story.team if code in worker.houses and worker.role == "team_lead"]
        for text, days in threads.NEWS if heads else ():
            yield News(
                establishment=house, author=heads[0], text=text, written_at=story.moment(0, 7, 30),
                starts_on=story.today, ends_on=story.today + dt.timedelta(days=days),
            )  # fmt: skip
