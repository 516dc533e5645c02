"""What is to be taken over, as lines with their gestures: of the relève, of the day, of the thread."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from jalon.care.models import Task
from jalon.care.queries import tasks_left, tasks_of, tasks_of_the_day
from jalon.care.rules import is_late, may_undo, why_over
from jalon.core.dates import clock, day_label
from jalon.core.moment import Moment
from jalon.db.compiled import Listed
from jalon.faces.http import Request
from jalon.records.sight import sight_of
from jalon.staff.models import Professional
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission, reading
from jalon.web.place import sight_here
from jalon.web.shown.notes import narrow_classes, narrow_here
from jalon.web.shown.part import Part


@dataclass(frozen=True)
class Line:
    """A task: what, for whom, by when, who has it, what may be done with it.

    `over`: why nothing is left to do. `done`: by whom and when.
    """

    id: uuid.UUID
    record_id: uuid.UUID
    what: str
    person: str
    due: str
    late: bool
    asked: str
    holder: str
    mine: bool
    done: str = ""
    undoable: bool = False
    over: str = ""


def line(task: Any, reader: Professional, moment: Moment) -> Line:
    """This task (`care.queries.tasks`) as `reader` finds it."""
    person = task.record.person
    ended = task.ended or task.record.closed_on is not None
    return Line(
        id=task.pk,
        record_id=task.record_id,
        what=task.what,
        person=f"{person.usual_first_name} {person.usual_name}",
        due=_due(task, moment.today),
        late=is_late(task.due_on, task.due_time, moment.local),
        asked=f"{task.asked_by_name}, {_at(task.asked_at, moment)}",
        holder=task.holder_name or "",
        mine=task.holder_id == reader.pk,
        done=f"{task.done_by_name}, {_at(task.done_at, moment)}" if task.done_at else "",
        undoable=task.done_by_id == reader.pk and bool(task.done_at and may_undo(task.done_at, moment.now)),
        over="" if task.done_at else why_over(dead=person.is_dead, ended=ended),
    )


def of_thread(rows: list[dict[str, Any]], reader: Professional, moment: Moment) -> None:
    """Give the notes of a thread, and their replies, the tasks that they leave, done or not."""
    every = [one for row in rows for one in (row, *row["replies"])]
    left = tasks_of((one["id"] for one in every if one["leaves"]), moment.today)
    for one in every:
        one["tasks"] = [line(task, reader, moment) for task in left[one["id"]]]


def to_do(request: Request, actor: Actor, part: Part, family: str = "") -> Listed[Task]:
    """What this part of the place leaves to be taken over, as far as this professional reads its notes; of
    one family of notes, when it is said."""
    here = part.of(sight_here(request, Permission.READ_NOTES))
    return tasks_left(here, narrow=narrow_here(request, actor), family=family)


def of_the_day(request: Request, actor: Actor, part: Part) -> Listed[Task]:
    """What nobody has yet of this part of the place; and what this professional has, wherever they work."""
    everywhere = sight_of(actor, Permission.READ_NOTES, request.today)
    here = part.of(sight_here(request, Permission.READ_NOTES))
    narrow = {
        content: sight_of(actor, reading(content), request.today)
        for content in narrow_classes(actor, actor.houses)
    }
    return tasks_of_the_day(actor.professional, everywhere, here, narrow=narrow)


def _due(task: Task, today: dt.date) -> str:
    """« pour demain à 9 h »; nothing when no day was said."""
    if task.due_on is None:
        return ""
    tomorrow = today + dt.timedelta(days=1)
    day = "demain" if task.due_on == tomorrow else day_label(task.due_on, today)
    return f"pour {day} à {clock(task.due_time)}" if task.due_time else f"pour {day}"


def _at(instant: dt.datetime, moment: Moment) -> str:
    return f"{day_label(moment.day_of(instant), moment.today)} {clock(instant.astimezone(moment.zone))}"
