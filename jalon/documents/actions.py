"""Use cases on the documents of a record: a paper is added; what was filed by mistake goes, may come back."""

import datetime as dt

from django.db import transaction
from uuid_utils.compat import uuid7

from jalon.audit.actions import record_entry
from jalon.core.dates import PartialDate, known_part
from jalon.core.errors import DomainError
from jalon.core.moment import Moment
from jalon.db.locks import one_at_a_time
from jalon.documents.files import media_type
from jalon.documents.models import Document, Withdrawal
from jalon.documents.storage import store
from jalon.records.models import Record
from jalon.staff.models import Professional

MAX_REASON = 400


@transaction.atomic
def add(
    *,
    record: Record,
    paper: bytes,
    title: str,
    type_code: str,
    dated: PartialDate | None,
    author_label: str,
    by: Professional,
    moment: Moment,
) -> Document:
    """Add a paper of elsewhere to a record, byte for byte.

    `dated`: the date it carries, as much of it as it says. Raises DomainError as `media_type` does,
    `document_of_tomorrow`, or `document_already_there` when the record holds these bytes.
    """
    kind, digest = media_type(paper), store(paper)
    one_at_a_time(f"documents {record.pk}")
    if known := Document.objects.filter(record=record, sha256=digest).first():
        raise DomainError(
            f"Le même fichier est déjà dans ce dossier : « {known.title} ». Rien n’est ajouté.",
            code="document_already_there",
            place="paper",
        )
    identifier = f"2.25.{uuid7().int}"  # ITU-T X.667: unique without any register
    document = Document.objects.create(
        record=record,
        source=Document.Source.ADDED,
        type_code=type_code,
        title=title,
        written_at=_written_at(dated, moment),
        dated=known_part(dated.completed(), dated.precision) if dated else "",
        author_label=author_label,
        filed_by=by,
        media_type=kind,
        sha256=digest,
        size=len(paper),
        unique_id=identifier,
        set_id=identifier,
    )
    record_entry(
        "documents.added", on=document.pk, by=by, facts={"record": str(record.pk), "type": type_code}
    )
    return document


def _written_at(dated: PartialDate | None, moment: Moment) -> dt.datetime:
    """Where the paper takes its place among the others; its date, as it is read, is `dated`."""
    if dated is None:
        return moment.now
    first = dt.datetime(dated.year, dated.month or 1, dated.day or 1, tzinfo=moment.zone)
    if first.date() > moment.today:
        raise DomainError("Cette date est à venir. Vérifiez-la.", code="document_of_tomorrow", place="dated")
    return first


@transaction.atomic
def take_back(*, document: Document, reason: str, by: Professional, now: dt.datetime) -> Withdrawal:
    """Take back a paper that was added here: wrong person, wrong file.

    Raises DomainError `document_not_added`, or `document_already_withdrawn`.
    """
    one_at_a_time(f"documents {document.record_id}")
    if document.source != Document.Source.ADDED:
        raise DomainError("Seul un document ajouté ici se retire ici.", code="document_not_added")
    if Withdrawal.objects.filter(document=document).exists():
        raise DomainError("Ce document est déjà retiré.", code="document_already_withdrawn")
    return withdraw(document=document, reason=reason, by=by, now=now)


@transaction.atomic
def withdraw(*, document: Document, reason: str, by: Professional, now: dt.datetime) -> Withdrawal:
    """Take a document out of its record. Its bytes, and who read it there, are kept."""
    gone = Withdrawal.objects.create(document=document, at=now, by=by, reason=reason[:MAX_REASON])
    record_entry("documents.withdrawn", on=document.pk, by=by, facts={"record": str(document.record_id)})
    return gone


@transaction.atomic
def bring_back(*, document: Document, by: Professional | None) -> None:
    """Put a withdrawn document back in its record; nothing to do when it is there."""
    gone, _ = Withdrawal.objects.filter(document=document).delete()
    if gone:
        record_entry("documents.back", on=document.pk, by=by, facts={"record": str(document.record_id)})
