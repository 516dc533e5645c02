"""IHE_XDM.zip: what is built is read back, byte for byte, and looks as the profile wants."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jalon.formats import xds
from jalon.formats.xdm import package
from jalon.terminology import Coding
from tests.formats.xds_samples import NOW, PATIENT, cda, entry, submission
from tests.support import SHARED, needs_shared

ORIGIN = package.Origin(
    "EHPAD LES TILLEULS <FICTIF>",
    person="Claire MARTIN",
    address="1 rue du Test, 63000 Exempleville",
    telephone="+33100000000",
    version="0.1",
)
METADATA = "IHE_XDM/SUBSET01/METADATA.XML"
SCHEMA = SHARED / "standards/xds/dmp_wsdl_schema_v2.01.04/schema/ebRS/lcm.xsd"


def built(*documents: bytes) -> bytes:
    pairs = [(entry(data), data) for data in documents or (cda(),)]
    return package.build(submission(), pairs, origin=ORIGIN, at=NOW)


def contents(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_an_archive_holds_the_index_the_readme_the_metadata_and_the_documents() -> None:
    one, two = cda(), cda("1.2.250.1.999.1.4.2")
    files = contents(built(one, two))
    assert list(files) == [
        "INDEX.HTM",
        "README.TXT",
        METADATA,
        "IHE_XDM/SUBSET01/DOC00001.XML",
        "IHE_XDM/SUBSET01/DOC00002.XML",
    ]
    assert files["IHE_XDM/SUBSET01/DOC00002.XML"] == two


def test_every_name_fits_iso_9660_level_1() -> None:
    for name in contents(built()):
        assert all(re.fullmatch(r"[A-Z0-9_]{1,8}(\.[A-Z0-9_]{1,3})?", part) for part in name.split("/"))


def test_a_person_without_our_software_finds_the_sender_and_the_documents() -> None:
    files = contents(built())
    readme, index = files["README.TXT"].decode(), files["INDEX.HTM"].decode()
    assert "EHPAD LES TILLEULS <FICTIF>" in readme
    assert "Claire MARTIN" in readme
    assert "EHPAD LES TILLEULS &lt;FICTIF&gt;" in index
    assert 'href="IHE_XDM/SUBSET01/DOC00001.XML"' in index
    assert 'href="README.TXT"' in index
    etree.fromstring(files["INDEX.HTM"], etree.XMLParser(load_dtd=False, no_network=True))


def test_the_same_documents_on_the_same_day_make_the_same_bytes() -> None:
    assert built() == built()


def test_a_date_the_zip_format_cannot_hold_is_a_bug_and_says_so() -> None:
    with pytest.raises(ValueError, match="1980"):
        package.build(
            submission(), [(entry(), cda())], origin=ORIGIN, at=dt.datetime(1979, 1, 1, tzinfo=dt.UTC)
        )


@needs_shared
def test_the_metadata_follow_the_ebrim_schema() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    root = etree.fromstring(contents(built())[METADATA])
    assert schema.validate(root), schema.error_log


def test_an_archive_is_read_as_it_was_built() -> None:
    read = package.read(built(cda(), cda("1.2.250.1.999.1.4.2")))
    assert read.warnings == ()
    assert [subset.name for subset in read.subsets] == ["SUBSET01"]
    assert read.subsets[0].metadata.submission == submission()
    assert [document.data for document in read.documents] == [cda(), cda("1.2.250.1.999.1.4.2")]
    assert read.documents[0].entry == replace(entry(), id="Document01", uri="DOC00001.XML")
    assert read.subsets[0].extras == {}


def test_the_person_concerned_is_the_one_of_the_metadata() -> None:
    assert package.read(built()).patients == (xds.PatientId.of(PATIENT),)


def test_two_people_in_one_archive_are_both_seen() -> None:
    other = replace(entry(), patient_id=xds.PatientId("275126322074974", "1.2.250.1.213.1.4.10"))
    archive = package.build(submission(), [(entry(), cda()), (other, cda())], origin=ORIGIN, at=NOW)
    assert len(package.read(archive).patients) == 2


def test_a_pdf_is_a_document_when_the_metadata_say_so_and_an_extra_otherwise() -> None:
    pdf = replace(entry(), mime_type="application/pdf", unique_id="1.2.250.1.999.1.4.9")
    archive = package.build(submission(), [(entry(), cda()), (pdf, b"%PDF-1")], origin=ORIGIN, at=NOW)
    archive = added(
        archive, {"IHE_XDM/SUBSET01/DOC00001.PDF": b"%PDF-2", "IHE_XDM/SUBSET01/A/B.XSL": b"<x/>"}
    )
    read = package.read(archive)
    assert [document.entry.uri for document in read.documents] == ["DOC00001.XML", "DOC00002.PDF"]
    assert read.subsets[0].extras == {"DOC00001.PDF": b"%PDF-2", "A/B.XSL": b"<x/>"}


def added(archive: bytes, files: dict[str, bytes]) -> bytes:
    """The same archive with more files."""
    everything = contents(archive) | files
    return zipped(everything)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return written.getvalue()


# --- what other products write ---------------------------------------------------------------------


def test_names_are_compared_without_their_case() -> None:
    renamed = {name.lower(): data for name, data in contents(built()).items()}
    read = package.read(zipped(renamed))
    assert [document.data for document in read.documents] == [cda()]
    assert read.warnings == ()


def test_several_submissions_are_read() -> None:
    second = {
        name.replace("SUBSET01", "SUBSET02"): data
        for name, data in contents(built(cda("1.2.250.1.999.1.4.2"))).items()
        if "SUBSET01" in name
    }
    read = package.read(added(built(), second))
    assert [subset.name for subset in read.subsets] == ["SUBSET01", "SUBSET02"]
    assert [document.entry.unique_id for document in read.documents] == [
        "1.2.250.1.999.1.4.1",
        "1.2.250.1.999.1.4.2",
    ]


def test_a_folder_too_many_on_top_is_a_warning() -> None:
    deeper = {f"envoi/{name}": data for name, data in contents(built()).items()}
    read = package.read(zipped(deeper))
    assert [document.data for document in read.documents] == [cda()]
    assert len(read.warnings) == 1


def test_directories_and_stored_files_are_accepted() -> None:
    files = {"IHE_XDM/": b"", "IHE_XDM/SUBSET01/": b""} | contents(built())
    assert package.read(zipped(files, zipfile.ZIP_STORED)).documents[0].data == cda()


def test_metadata_without_hash_or_size_are_read_with_a_warning() -> None:
    files = contents(built())
    files[METADATA] = re.sub(rb'<rim:Slot name="(hash|size)">.*?</rim:Slot>', b"", files[METADATA])
    read = package.read(zipped(files))
    assert read.documents[0].data == cda()
    assert len(read.warnings) == 1
    assert "DOC00001.XML" in read.warnings[0]


def test_warnings_of_the_metadata_name_their_submission() -> None:
    files = contents(built())
    files[METADATA] = files[METADATA].replace(b"20261122091500", b"hier")
    assert package.read(zipped(files)).warnings[0].startswith("SUBSET01 : ")


# --- round trip ------------------------------------------------------------------------------------

BLOBS = st.lists(st.binary(max_size=500) | st.just(b"\x00" * 5000), min_size=1, max_size=4)


@given(BLOBS, st.sampled_from(["text/xml", "application/pdf", "text/plain", "image/tiff", "x/y"]))
@settings(deadline=None, max_examples=40)
def test_any_documents_come_back_to_the_byte(blobs: list[bytes], kind: str) -> None:
    base = replace(entry(), mime_type=kind, type_code=Coding("1.2", "x", "y"))
    pairs = [(replace(base, unique_id=f"1.2.{rank}"), blob) for rank, blob in enumerate(blobs)]
    read = package.read(package.build(submission(), pairs, origin=ORIGIN, at=NOW))
    assert [document.data for document in read.documents] == blobs
    assert [document.entry for document in read.documents] == package.described(pairs)
    assert read.warnings == ()
