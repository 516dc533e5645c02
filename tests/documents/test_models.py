"""Documents are never overwritten: a version is a row, a correction replaces one."""

import pytest
from django.db import IntegrityError, transaction

from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.organizations.models import ManagingBody
from tests.factories import DocumentFactory, ManagingBodyFactory, RecordFactory

pytestmark = pytest.mark.django_db


def test_a_correction_is_a_new_document_of_the_same_set(body: ManagingBody) -> None:
    first = DocumentFactory()
    second = DocumentFactory(record=first.record, set_id=first.set_id, version=2, replaces=first)
    assert list(Document.objects.filter(set_id=first.set_id).order_by("version")) == [first, second]
    assert first.replaced_by.get() == second


def test_one_identifier_names_one_document_of_a_record(body: ManagingBody) -> None:
    known = DocumentFactory()
    with pytest.raises(IntegrityError, match="document_unique_id"), transaction.atomic():
        DocumentFactory(record=known.record, unique_id=known.unique_id, set_id="autre")


def test_a_version_of_a_set_is_once(body: ManagingBody) -> None:
    known = DocumentFactory()
    with pytest.raises(IntegrityError, match="document_version"), transaction.atomic():
        DocumentFactory(record=known.record, set_id=known.set_id)


def test_the_same_document_may_be_filed_in_two_records(body: ManagingBody) -> None:
    known = DocumentFactory()
    copy = DocumentFactory(record=RecordFactory(), unique_id=known.unique_id)
    assert copy.pk != known.pk


def test_another_managing_body_sees_no_document(body: ManagingBody) -> None:
    DocumentFactory()
    with tenant(ManagingBodyFactory().pk):
        assert not Document.objects.exists()
