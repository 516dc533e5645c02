"""Our own documents before the national judges: schema, schematrons, and the marks of an archivable file."""

import hashlib
import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

from jalon.exchange.compose.parcel import class_of
from jalon.formats import xds
from jalon.formats.cda import reader
from jalon.formats.cda.received import ReadDocument
from tests.conformity_documents.conftest import COUNT, Made
from tests.support import needs_shared

if TYPE_CHECKING:
    from cda_check import CdaChecker

pytestmark = pytest.mark.django_db  # the fixture writes in the database, and leaves nothing there
EACH = pytest.mark.parametrize("rank", range(COUNT))


def reads(documents: tuple[Made, ...]) -> list[ReadDocument]:
    return [reader.read(one.cda) for one in documents]


def test_the_sample_holds_every_case_that_once_made_documents_wrong(documents: tuple[Made, ...]) -> None:
    assert len(documents) == COUNT
    assert {one.someone.house.code for one in documents} == {"ehpad", "fam", "ime", "sessad"}
    names = " ".join(one.someone.traits.birth_name for one in documents)
    assert "'" in names
    assert "Œ" in names
    assert any(one.someone.minor for one in documents)
    assert any(one.someone.protected for one in documents)
    assert {one.goals for one in documents if one.version == 2} == {30}
    patients = [read.patient for read in reads(documents)]
    assert [one.birth_date_precision for one in patients].count("month") == 1
    assert sum(one.ins is not None for one in patients) == COUNT - 2
    assert [one.birth_place for one in patients].count("99999") == 1
    assert any(guardian.person for one in patients for guardian in one.guardians)
    assert any(guardian.organization for one in patients for guardian in one.guardians)


@needs_shared
@EACH
def test_a_document_of_the_house_has_no_error_for_the_national_judges(
    rank: int, documents: tuple[Made, ...], checker: "CdaChecker"
) -> None:
    report = checker.check(documents[rank].cda)
    assert report.all_errors == []


@EACH
@pytest.mark.requirement("SC.CDA/DD.02", "SC.CDA/DD.12")
def test_the_printed_document_is_the_one_inside_the_clinical_document(
    rank: int, documents: tuple[Made, ...]
) -> None:
    read = reader.read(documents[rank].cda)
    assert read.embedded is not None
    assert (read.embedded.media_type, read.embedded.data) == ("application/pdf", documents[rank].pdf)


@EACH
def test_the_printed_document_declares_itself_pdf_a_1(rank: int, documents: tuple[Made, ...]) -> None:
    with pikepdf.open(io.BytesIO(documents[rank].pdf)) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("1", "A")
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1"
        assert pdf.pdf_version == "1.4"
        assert pdf.Root.MarkInfo.Marked


@EACH
def test_the_metadata_of_a_document_are_whole(rank: int, documents: tuple[Made, ...]) -> None:
    made = documents[rank]
    entry = xds.entry_of(made.cda, class_code=class_of("80788-3"))
    assert entry.missing() == ()
    assert (entry.size, entry.hash) == (
        len(made.cda),
        hashlib.sha1(made.cda, usedforsecurity=False).hexdigest(),
    )
    assert entry.type_code is not None
    assert entry.type_code.code == "80788-3"


def test_each_document_and_each_set_is_one_of_its_own(documents: tuple[Made, ...]) -> None:
    found = reads(documents)
    assert len({str(one.id) for one in found}) == len({str(one.set_id) for one in found}) == COUNT
    assert all((one.related is None) == (one.version == 1) for one in found)
