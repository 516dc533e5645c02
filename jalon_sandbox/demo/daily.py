"""What happens day after day: notes and events of ninety days, then the two threads of the story."""

import datetime as dt
from collections.abc import Iterator

from jalon.agenda.models import Event, EventStatus
from jalon.care.models import Acknowledgement, HandoverNote
from jalon.db.keyed import draw_key
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon_sandbox.demo import threads
from jalon_sandbox.demo.cast import Story
from jalon_sandbox.demo.population import Someone
from jalon_sandbox.demo.texts import ACTIVITIES, NOTES, Activity, Note, words_for

DAYS = 90
AHEAD = 7
REST = 3  # days around a fall
AUTHORS = {
    "soin": ("nurse", "physician"),
    "educ": ("educator", "care_worker", "aes"),
    "vie": ("care_worker", "aes", "educator"),
    "emo": ("educator", "care_worker", "aes", "psychologist"),
    "lien": ("educator", "care_worker", "aes", "team_lead"),
    "evt": ("educator", "care_worker", "aes"),
}
READERS = (
    "nurse", "physician", "educator", "care_worker", "aes", "psychologist", "team_lead", "director",
)  # fmt: skip


def write_notes(story: Story) -> None:
    """The notes of every day, and those of the threads."""
    rows = []
    for someone, record in story.records:
        texts = [one for one in NOTES[someone.house.generation] if not one.fact or one.fact in someone.facts]
        # What is told of a fall is all that is told of that person in those days.
        for day in range(REST if "fall" in someone.facts else 0, DAYS + 1):
            for note in story.chance.sample(texts, story.chance.choice((0, 1, 1, 1, 2))):
                rows += _note(story, someone, record, day, note)
        for told in _told(someone):
            rows += _thread_note(story, someone, record, told)
    HandoverNote.objects.bulk_create(rows, batch_size=1000)
    Acknowledgement.objects.bulk_create(_read(story, rows), batch_size=1000)


def _read(story: Story, notes: list[HandoverNote]) -> Iterator[Acknowledgement]:
    """Everybody passed yesterday, and read then what was important before: the relève begins there."""
    people, passage = {record.pk: someone for someone, record in story.records}, story.moment(-1, 14, 0)
    for note in notes:
        if note.important and note.written_at < passage:
            team = story.workers(people[note.record_id], *READERS)
            yield from (Acknowledgement(note=note, professional=one, read_at=passage) for one in team)


def _told(someone: Someone) -> list[threads.Told]:
    return [told for fact, notes in threads.NOTES.items() if fact in someone.facts for told in notes]


def _note(story: Story, someone: Someone, record: Record, day: int, note: Note) -> list[HandoverNote]:
    first, last = note.hours
    at = story.moment(-day, story.chance.randint(first, last - 1), story.chance.randint(0, 59))
    if at > story.now or (note.family == "evt" and story.chance.random() > 0.1):
        return []
    authors = story.workers(someone, *AUTHORS[note.family]) or story.workers(someone, "team_lead")
    author = story.chance.choice(authors)
    important = note.family == "evt" or story.chance.random() < 0.02
    return [_row(someone, record, author, at, note, important=important)]


def _thread_note(story: Story, someone: Someone, record: Record, told: threads.Told) -> list[HandoverNote]:
    at = story.moment(-told.days_ago, *told.at)
    authors = story.workers(someone, told.role)
    if at > story.now or not authors:
        return []
    # Before seven it is the one of the night, the last of the team, who writes.
    author = authors[-1] if told.at[0] < 7 else authors[0]  # the end of the night
    return [_row(someone, record, author, at, told, important=told.important)]


def _row(
    someone: Someone,
    record: Record,
    author: Professional,
    at: dt.datetime,
    note: Note | threads.Told,
    *,
    important: bool,
) -> HandoverNote:
    title, words = (words_for(someone.traits, said) for said in (note.title, note.words))
    data, actions, result = words.split("|") if "|" in words else ("", "", "")
    return HandoverNote(
        record=record, author=author, written_at=at, family=note.family, title=title,
        text="" if data else words, data=data, actions=actions, result=result, important=important,
    )  # fmt: skip


def write_events(story: Story) -> None:
    """Three activities a week each, always the same ones, and the meetings of the threads."""
    rows = []
    for someone, record in story.records:
        for day in range(-DAYS, AHEAD + 1):
            rows += [_event(story, someone, record, day, one) for one in _of_the_day(story, someone, day)]
        for fact, meetings in threads.MEETINGS.items():
            if fact in someone.facts:
                rows += [_meeting(story, someone, record, meeting) for meeting in meetings]
    Event.objects.bulk_create(rows, batch_size=1000)


def _of_the_day(story: Story, someone: Someone, day: int) -> list[Activity]:
    """Half of a unit has the odd activities, half the even ones; whoever fell rests for some days."""
    if "fall" in someone.facts and abs(day) < REST:
        return []
    weekly = ACTIVITIES[someone.house.generation][someone.number // 2 % 2 :: 2]
    return [one for one in weekly if story.moment(day, 12, 0).weekday() in one.days]


def _event(story: Story, someone: Someone, record: Record, day: int, activity: Activity) -> Event:
    start = story.moment(day, activity.hour, activity.minute)
    team = story.workers(someone, "educator", "care_worker", "aes", "nurse")
    event = Event(
        record=record, label=activity.label, type_code=activity.code, place=activity.place,
        responsible=story.chance.choice(team), **_when(story, start, activity.minutes),
    )  # fmt: skip
    event.key = draw_key(record.person.key, "EVN", event.pk)
    return event


def _meeting(story: Story, someone: Someone, record: Record, meeting: threads.Meeting) -> Event:
    start = story.moment(meeting.in_days, *meeting.at)
    responsible = next(iter(story.workers(someone, meeting.role)), record.key_worker)
    event = Event(
        record=record, label=meeting.label, type_code=meeting.code, place=meeting.place,
        responsible=responsible, report=meeting.report, **_when(story, start, meeting.minutes),
    )  # fmt: skip
    event.key = draw_key(record.person.key, "EVN", event.pk)
    return event


def _when(story: Story, start: dt.datetime, minutes: int) -> dict[str, object]:
    """What is over was done, the person being there; the rest is planned."""
    end = start + dt.timedelta(minutes=minutes)
    over = end <= story.now
    return {
        "starts_at": start,
        "ends_at": end,
        "status": EventStatus.DONE if over else EventStatus.PLANNED,
        "person_present": True if over else None,
    }
