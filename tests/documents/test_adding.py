"""A paper is added once, read with its own date, and taken back with a reason."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from jalon.audit.models import Entry
from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.moment import Moment
from jalon.db.tenant import tenant
from jalon.documents.actions import add, take_back
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.outbox.routes import routes
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from tests.documents.papers import PDF, jpeg
from tests.factories import NOW, DocumentFactory, ManagingBodyFactory, ProfessionalFactory, RecordFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def record(body: ManagingBody) -> Record:
    return RecordFactory.create()


def added(record: Record, paper: bytes = PDF, **changes: Any) -> Document:
    said: dict[str, Any] = {
        "title": "Ordonnance",
        "type_code": "57828-6",
        "dated": None,
        "author_label": "Hôpital fictif",
        "by": ProfessionalFactory.create(),
        "moment": Moment(NOW, PARIS),
    }
    return add(record=record, paper=paper, **said | changes)


def test_a_paper_is_kept_byte_for_byte_and_its_act_is_in_the_journal(record: Record) -> None:
    paper = jpeg()
    document = added(record, paper)
    assert load(document.sha256) == paper
    assert (document.source, document.media_type, document.size) == ("added", "image/jpeg", len(paper))
    entry = Entry.objects.get(action="documents.added")
    assert (entry.object_id, entry.professional) == (document.pk, document.filed_by)
    assert "Ordonnance" not in str(entry.facts)


@pytest.mark.parametrize(
    ("dated", "label"),
    [
        (PartialDate(2024), "2024"),
        (PartialDate(2024, 3), "mars 2024"),
        (PartialDate(2024, 3, 5), "5 mars 2024"),
        (None, ""),
    ],
)
def test_a_partial_date_gains_no_day(record: Record, dated: PartialDate | None, label: str) -> None:
    assert added(record, dated=dated).date_label.replace("\N{NO-BREAK SPACE}", " ") == label


def test_today_is_a_date_just_after_midnight_and_tomorrow_is_not(record: Record) -> None:
    night = Moment(dt.datetime(2026, 11, 20, 0, 30, tzinfo=PARIS), PARIS)
    assert added(record, dated=PartialDate(2026, 11, 20), moment=night).dated == "2026-11-20"
    with pytest.raises(DomainError) as refusal:
        added(record, jpeg(), dated=PartialDate(2026, 11, 21), moment=night)
    assert refusal.value.code == "document_of_tomorrow"


def test_the_same_file_is_said_to_be_there_in_this_record_alone(record: Record) -> None:
    added(record)
    with pytest.raises(DomainError, match="Le même fichier est déjà dans ce dossier : « Ordonnance »"):
        added(record, title="Autre")
    assert added(RecordFactory.create()).title == "Ordonnance"


def test_a_paper_taken_back_leaves_the_record_and_may_be_added_again(record: Record) -> None:
    document, by = added(record), ProfessionalFactory.create()
    take_back(document=document, reason="Autre personne", by=by, now=NOW)
    assert not Document.objects.filter(record=record).exists()
    assert load(document.sha256) == PDF
    assert Entry.objects.filter(action="documents.withdrawn", object_id=document.pk).exists()
    with pytest.raises(DomainError) as refusal:
        take_back(document=document, reason="Encore", by=by, now=NOW)
    assert refusal.value.code == "document_already_withdrawn"
    assert added(record, title="Bonne nature").pk != document.pk


def test_what_was_signed_or_received_is_not_taken_back_so(record: Record) -> None:
    for source in ("own", "received"):
        document = DocumentFactory.create(record=record, source=source)
        with pytest.raises(DomainError) as refusal:
            take_back(document=document, reason="Erreur", by=ProfessionalFactory.create(), now=NOW)
        assert refusal.value.code == "document_not_added"


@pytest.mark.parametrize("source", ["added", "received"])
def test_what_was_not_signed_here_is_sent_nowhere_whatever_its_kind(record: Record, source: str) -> None:
    document = DocumentFactory.create(record=record, source=source, type_code="80788-3")
    other = DocumentFactory.create(record=record, type_code="57828-6")
    for destination in routes():
        assert check_sending(document, destination)
        assert check_sending(document, destination) == check_sending(other, destination)


def test_another_managing_body_sees_no_paper(record: Record) -> None:
    added(record)
    with tenant(ManagingBodyFactory.create().pk):
        assert not Document.with_withdrawn.exists()


def test_rows_of_before_have_no_date_of_their_own(record: Record) -> None:
    document = DocumentFactory.create(record=record)
    with connection.cursor() as cursor:
        cursor.execute("select dated, filed_by_id from documents_document where id = %s", [document.pk])
        assert cursor.fetchone() == ("", None)
