"""Use cases of transmissions."""

import datetime as dt

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.care.models import Acknowledgement, Family, HandoverNote, News, Task
from jalon.care.rules import may_undo
from jalon.core.errors import DomainError
from jalon.core.pasted import drawn
from jalon.db.changes import lock
from jalon.records.models import Record
from jalon.staff.models import Professional


@transaction.atomic
def write_note(
    *,
    record: Record,
    author: Professional,
    family: str,
    now: dt.datetime,
    text: str = "",
    title: str = "",
    data: str = "",
    actions: str = "",
    result: str = "",
    important: bool = False,
    supersedes: HandoverNote | None = None,
    answers: HandoverNote | None = None,
) -> HandoverNote:
    """Write a note. Its words never change afterwards: a correction, by its author, supersedes it.

    The correction of a reply is a reply, of the same family.
    """
    if not (text.strip() or data.strip()):
        raise DomainError("La note est vide. Écrivez ce qui s’est passé.", code="empty_note")
    if family not in Family.values:
        raise DomainError("Choisissez la famille de la note.", code="unknown_family")
    if supersedes:
        _check_correction(record, supersedes, author)
        answers = supersedes.answers
    family = answers.family if answers else family
    note = HandoverNote.objects.create(
        record=record,
        author=author,
        family=family,
        written_at=now,
        text=drawn(text).strip(),
        title=drawn(title).strip(),
        data=drawn(data).strip(),
        actions=drawn(actions).strip(),
        result=drawn(result).strip(),
        important=important,
        supersedes=supersedes,
        answers=answers,
    )
    if supersedes:
        _follow(supersedes, note)
    record_entry("care.note_written", on=record.pk, by=author, facts={"family": family})
    return note


def _follow(former: HandoverNote, note: HandoverNote) -> None:
    """What answers a note, and what it leaves to do, go with the version in force and its family."""
    HandoverNote.objects.filter(answers=former).update(answers=note, family=note.family)
    Task.objects.filter(note=former).update(note=note)


@transaction.atomic
def answer_note(*, note: HandoverNote, author: Professional, text: str, now: dt.datetime) -> HandoverNote:
    """Reply to a note: a question, an answer. A reply to a reply answers the note that both are about.

    Raises DomainError `empty_note`, `note_withdrawn`, or `already_corrected`: what is answered is not what
    holds any more.
    """
    note = lock(note.answers or note)
    if note.withdrawn_at:
        raise DomainError("Cette note est retirée : elle ne se répond plus.", code="note_withdrawn")
    if note.superseded_by.filter(withdrawn_at__isnull=True).exists():
        raise DomainError(
            "Cette note vient d’être corrigée. Relisez-la dans le fil, puis répondez.",
            code="already_corrected",
        )
    return write_note(record=note.record, author=author, family=note.family, text=text, answers=note, now=now)


def _check_correction(record: Record, note: HandoverNote, author: Professional) -> None:
    """One’s own note, of the same record, corrected once: a correction hides what it corrects."""
    note = lock(note)
    if note.record_id != record.pk:
        raise DomainError(
            "La note à corriger est dans un autre dossier. Ouvrez ce dossier.", code="other_record"
        )
    if note.author_id != author.pk:
        raise DomainError(
            "Seul l’auteur d’une note la corrige. Écrivez une nouvelle note.", code="not_the_author"
        )
    if note.withdrawn_at:
        raise DomainError("Cette note est retirée. Écrivez-en une nouvelle.", code="note_withdrawn")
    if note.superseded_by.filter(withdrawn_at__isnull=True).exists():
        raise DomainError("Cette note est déjà corrigée. Corrigez la plus récente.", code="already_corrected")


@transaction.atomic
def withdraw_note(*, note: HandoverNote, by: Professional, now: dt.datetime) -> HandoverNote:
    """Take back a note that was just published: the wrong person, a slip. Saying it twice changes nothing.

    What it corrected is in force again. Raises DomainError `not_the_author`, `already_corrected`, or
    `already_answered` and `too_late_to_undo`: it is then corrected, for others have read it or may have.
    """
    note = lock(note)
    if note.author_id != by.pk:
        raise DomainError("Seul l’auteur d’une note la retire.", code="not_the_author")
    if note.withdrawn_at:
        return note
    if note.superseded_by.filter(withdrawn_at__isnull=True).exists():
        raise DomainError("Cette note est déjà corrigée. Corrigez la plus récente.", code="already_corrected")
    if not may_undo(note.written_at, now):
        raise DomainError(
            "Trop tard pour annuler : d’autres ont pu lire cette note. Corrigez-la : la première "
            "version reste lisible.",
            code="too_late_to_undo",
        )
    if note.supersedes:
        _follow(note, note.supersedes)
    elif note.answered_by.filter(withdrawn_at__isnull=True).exists():
        raise DomainError(
            "Quelqu’un a déjà répondu à cette note. Corrigez-la : la première version reste lisible.",
            code="already_answered",
        )
    note.withdrawn_at = now
    note.save()
    record_entry("care.note_withdrawn", on=note.record_id, by=by)
    return note


@transaction.atomic
def acknowledge(*, note: HandoverNote, by: Professional, now: dt.datetime) -> None:
    """This professional has read this note; saying it twice changes nothing."""
    Acknowledgement.objects.get_or_create(note=note, professional=by, defaults={"read_at": now})


@transaction.atomic
def acknowledge_news(*, news: News, by: Professional, now: dt.datetime) -> None:
    """This professional has read these news; saying it twice changes nothing."""
    Acknowledgement.objects.get_or_create(news=news, professional=by, defaults={"read_at": now})


@transaction.atomic
def take_back(*, read: HandoverNote | News, by: Professional, now: dt.datetime) -> None:
    """This professional had not read this note, or these news: a slip, said at once.

    Raises DomainError `too_late_to_undo`.
    """
    mine = read.acknowledgements.select_for_update(of=("self",)).filter(professional=by).first()
    if mine is None:
        return
    if not may_undo(mine.read_at, now):
        raise DomainError("Trop tard pour annuler : la lecture est notée.", code="too_late_to_undo")
    mine.delete()
