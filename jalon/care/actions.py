"""Use cases of transmissions."""

import datetime as dt

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.core.errors import DomainError
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
) -> HandoverNote:
    """Write a note. It is never changed afterwards: a correction supersedes it."""
    if not (text.strip() or data.strip()):
        raise DomainError("La note est vide. Écrivez ce qui s’est passé.", code="empty_note")
    if family not in Family.values:
        raise DomainError("Choisissez la famille de la note.", code="unknown_family")
    if supersedes:
        _check_correction(record, supersedes)
    note = HandoverNote.objects.create(
        record=record,
        author=author,
        family=family,
        written_at=now,
        text=text.strip(),
        title=title.strip(),
        data=data.strip(),
        actions=actions.strip(),
        result=result.strip(),
        important=important,
        supersedes=supersedes,
    )
    record_entry("care.note_written", on=record.pk, by=author, facts={"family": family})
    return note


def _check_correction(record: Record, note: HandoverNote) -> None:
    """One note of the same record, corrected once: a correction hides what it corrects."""
    note = HandoverNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if note.record_id != record.pk:
        raise DomainError(
            "La note à corriger est dans un autre dossier. Ouvrez ce dossier.", code="other_record"
        )
    if note.superseded_by.exists():
        raise DomainError("Cette note est déjà corrigée. Corrigez la plus récente.", code="already_corrected")


@transaction.atomic
def acknowledge(*, note: HandoverNote, by: Professional, now: dt.datetime) -> None:
    """This professional has read this note; saying it twice changes nothing."""
    Acknowledgement.objects.get_or_create(note=note, professional=by, defaults={"read_at": now})
