"""Use cases of what a relève hands over beside notes: what is to be taken over, the news of a unit."""

import datetime as dt

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.care.models import HandoverNote, News, Task
from jalon.care.queries import nothing_left, team_of
from jalon.care.rules import may_undo
from jalon.core.errors import DomainError
from jalon.core.text import one_line
from jalon.db.changes import lock
from jalon.organizations.models import Establishment, Unit
from jalon.staff.models import Professional

LONGEST = dt.timedelta(days=92)  # that news are told


# --- tasks --------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    note: HandoverNote,
    by: Professional,
    what: str,
    now: dt.datetime,
    today: dt.date,
    due_on: dt.date | None = None,
    due_time: dt.time | None = None,
    holder: Professional | None = None,
) -> Task:
    """Leave something to be taken over: by `holder`, or by whoever of the team takes it.

    An hour without a day is of today. Raises DomainError `empty_task`, `due_before_today`, `not_of_the_team`,
    `note_withdrawn`, or `nothing_left` when the person died or left.
    """
    note = lock(note)
    _check_something_left(note, today)
    what = one_line(what, "what")
    if not what:
        raise DomainError("Dites ce qui est à reprendre.", code="empty_task", place="what")
    due_on = due_on or (today if due_time else None)
    if due_on and due_on < today:
        raise DomainError(
            "Ce jour est passé. Choisissez aujourd’hui ou un jour à venir.",
            code="due_before_today",
            place="due_on",
        )
    if holder and not team_of(note.record, family=note.family, today=today).filter(pk=holder.pk).exists():
        raise DomainError(
            f"{holder} ne lit pas cette note dans ce dossier. Choisissez quelqu’un de son équipe.",
            code="not_of_the_team",
            place="holder",
        )
    task = Task.objects.create(
        record=note.record, note=note, what=what, due_on=due_on, due_time=due_time,
        asked_by=by, asked_at=now, holder=holder,
    )  # fmt: skip
    _told("care.task_asked", task, by)
    return task


@transaction.atomic
def cancel(*, task: Task, by: Professional, now: dt.datetime) -> None:
    """Take back what was just asked; history keeps it. Raises DomainError `not_the_author`,
    `too_late_to_undo`, or `task_taken` when somebody else already sees to it.
    """
    task = lock(task)
    if task.asked_by_id != by.pk:
        raise DomainError("Seul qui a demandé une tâche l’annule.", code="not_the_author")
    if not may_undo(task.asked_at, now):
        raise DomainError("Trop tard pour annuler. Dites « C’est fait » s’il n’y a plus rien à faire.",
                          code="too_late_to_undo")  # fmt: skip
    if task.done_at:
        raise DomainError(f"C’est déjà fait par {task.done_by}.", code="task_done")
    _told("care.task_cancelled", task, by)
    task.delete()


@transaction.atomic
def take(*, task: Task, by: Professional, today: dt.date) -> Task:
    """« Je m’en charge »: of two who say it at once, one has it and the other is told who.

    Raises DomainError `task_taken`, `task_done`, `note_withdrawn` or `nothing_left`.
    """
    task = lock(task)
    _check_open(task, today)
    if task.holder and task.holder != by:
        raise DomainError(f"{task.holder} s’en charge déjà.", code="task_taken")
    if not task.holder:
        task.holder = by
        task.save()
        _told("care.task_taken", task, by)
    return task


@transaction.atomic
def hand_back(*, task: Task, by: Professional, today: dt.date) -> Task:
    """Back to the team: whoever had it cannot, or is away. Saying it twice changes nothing.

    Raises DomainError `task_done`, `note_withdrawn` or `nothing_left`.
    """
    task = lock(task)
    _check_open(task, today)
    if task.holder:
        task.holder = None
        task.save()
        _told("care.task_handed_back", task, by)
    return task


@transaction.atomic
def finish(*, task: Task, by: Professional, now: dt.datetime, today: dt.date) -> Task:
    """« C’est fait », by whoever did it. Saying it twice changes nothing.

    Raises DomainError `task_done` when somebody else did, `note_withdrawn` or `nothing_left`.
    """
    task = lock(task)
    if task.done_by == by:
        return task
    _check_open(task, today)
    task.done_by, task.done_at = by, now
    task.save()
    _told("care.task_done", task, by)
    return task


@transaction.atomic
def reopen(*, task: Task, by: Professional, now: dt.datetime) -> Task:
    """It was not done: a slip, said at once by whoever said it. Raises DomainError `not_the_author` or
    `too_late_to_undo`.
    """
    task = lock(task)
    if task.done_at is None:
        return task
    if task.done_by_id != by.pk:
        raise DomainError(f"C’est fait par {task.done_by} : l’annuler lui revient.", code="not_the_author")
    if not may_undo(task.done_at, now):
        raise DomainError("Trop tard pour annuler. Demandez une nouvelle tâche.", code="too_late_to_undo")
    task.done_by = task.done_at = None
    task.save()
    _told("care.task_reopened", task, by)
    return task


def _check_open(task: Task, today: dt.date) -> None:
    if task.done_at:
        raise DomainError(f"C’est déjà fait par {task.done_by}.", code="task_done")
    _check_something_left(task.note, today)


def _check_something_left(note: HandoverNote, today: dt.date) -> None:
    if note.withdrawn_at:
        raise DomainError("La note est retirée : il n’y a plus rien à reprendre.", code="note_withdrawn")
    if over := nothing_left(note.record, today):
        raise DomainError(over, code="nothing_left")


def _told(action: str, task: Task, by: Professional) -> None:
    record_entry(action, on=task.record_id, by=by, facts={"task": str(task.pk)})


# --- news ---------------------------------------------------------------------------------------------------


@transaction.atomic
def tell_news(
    *,
    establishment: Establishment,
    unit: Unit | None,
    by: Professional,
    text: str,
    starts_on: dt.date,
    ends_on: dt.date,
    now: dt.datetime,
    today: dt.date,
) -> News:
    """Tell a unit, or a whole establishment, something to know on these days, bounds included.

    Raises DomainError `empty_news`, `news_ends_before_start`, `news_over`, `news_too_long` or
    `unit_of_elsewhere`.
    """
    text = one_line(text, "text")
    if not text:
        raise DomainError("Écrivez ce qu’il faut savoir.", code="empty_news", place="text")
    _check_days(starts_on, ends_on, today)
    if unit and unit.establishment_id != establishment.pk:
        raise DomainError(
            "Cette unité est d’un autre établissement. Choisissez-en une d’ici.",
            code="unit_of_elsewhere",
            place="unit",
        )
    news = News.objects.create(
        establishment=establishment, unit=unit, author=by, text=text, written_at=now,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    record_entry("care.news_told", on=news.pk, by=by)
    return news


def _check_days(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    said = {
        "news_ends_before_start": (
            ends_on < starts_on,
            "La fin est avant le début. Choisissez une fin après.",
        ),
        "news_over": (ends_on < today, "Ces jours sont passés. Choisissez une fin à partir d’aujourd’hui."),
        "news_too_long": (
            ends_on - starts_on > LONGEST,
            "Une nouvelle se dit pour trois mois au plus. Choisissez une fin plus proche.",
        ),
    }
    for code, (wrong, sentence) in said.items():
        if wrong:
            raise DomainError(sentence, code=code, place="ends_on")


@transaction.atomic
def end_news(*, news: News, by: Professional, now: dt.datetime) -> News:
    """It holds no more: the lift works again. Saying it twice changes nothing."""
    news = lock(news)
    if news.withdrawn_at is None:
        news.withdrawn_at = now
        news.save()
        record_entry("care.news_taken_away", on=news.pk, by=by)
    return news


@transaction.atomic
def restore_news(*, news: News, by: Professional, now: dt.datetime) -> News:
    """It was taken away by a slip, said at once. Raises DomainError `too_late_to_undo`."""
    news = lock(news)
    if news.withdrawn_at is None:
        return news
    if not may_undo(news.withdrawn_at, now):
        raise DomainError("Trop tard pour annuler. Écrivez-la de nouveau.", code="too_late_to_undo")
    news.withdrawn_at = None
    news.save()
    record_entry("care.news_brought_back", on=news.pk, by=by)
    return news
