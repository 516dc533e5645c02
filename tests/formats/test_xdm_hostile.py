"""Archives made to harm: bombs, paths, lies and doubles. Each is refused, with a stable code."""

import io
import random
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.formats import xds
from jalon.formats.xdm import package
from jalon.formats.xdm.package import Limits
from tests.formats.test_xdm import METADATA, ORIGIN, added, built, contents, zipped
from tests.formats.xds_samples import NOW, cda, entry, submission

DOCUMENT = "IHE_XDM/SUBSET01/DOC00001.XML"


def refusal_of(archive: bytes, limits: Limits | None = None) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        package.read(archive, limits)
    return refusal.value


def code_of(archive: bytes, limits: Limits | None = None) -> str:
    return refusal_of(archive, limits).code


# --- size ------------------------------------------------------------------------------------------


def test_a_bomb_is_stopped_before_it_opens() -> None:
    bomb = added(built(), {"IHE_XDM/SUBSET01/BOMB.BIN": bytes(60 * 2**20)})
    assert len(bomb) < 2**20
    refusal = refusal_of(bomb)
    assert refusal.code == "xdm_too_big"
    assert refusal.place == "IHE_XDM/SUBSET01/BOMB.BIN"


def test_many_files_that_are_small_apart_and_big_together_are_refused() -> None:
    noise = random.Random(1).randbytes(400_000)
    files = {f"IHE_XDM/SUBSET01/F{rank}.BIN": noise for rank in range(20)}
    assert code_of(added(built(), files), Limits(total=5 * 2**20)) == "xdm_too_big"


def test_a_thousand_entries_are_refused() -> None:
    assert code_of(zipped({f"F{rank}": b"" for rank in range(1001)})) == "xdm_too_big"
    assert code_of(zipped({f"F{rank}": b"" for rank in range(600)})) == "xdm_too_big"


def test_an_archive_larger_than_a_mail_is_refused() -> None:
    assert code_of(built(), Limits(archive=100)) == "xdm_too_big"


def test_metadata_larger_than_metadata_are_refused() -> None:
    files = contents(built()) | {METADATA: b"<a>" + random.Random(1).randbytes(40).hex().encode() * 90_000}
    assert code_of(zipped(files, zipfile.ZIP_STORED)) == "xdm_too_big"


def test_text_that_compresses_well_is_not_a_bomb() -> None:
    document = cda(text="JVBERi0xLjQK" * 100_000)
    archive = package.build(submission(), [(entry(document), document)], origin=ORIGIN, at=NOW)
    assert package.read(archive, Limits(ratio=2000)).documents[0].data == document


# --- lies ------------------------------------------------------------------------------------------


def patched(archive: bytes, name: str, offset: int, form: str, value: int) -> bytes:
    """The archive with one field of `name` changed in the central directory."""
    at = archive.rindex(b"PK\x01\x02", 0, archive.rindex(name.encode()))
    changed = bytearray(archive)
    struct.pack_into(form, changed, at + offset, value)
    return bytes(changed)


@pytest.mark.parametrize("size", [0, 10, 2**31])
def test_a_file_that_lies_about_its_size_is_refused(size: int) -> None:
    assert code_of(patched(built(), DOCUMENT, 24, "<I", size)) == "xdm_refused"


def test_a_file_that_lies_about_its_checksum_is_refused() -> None:
    assert code_of(patched(built(), DOCUMENT, 16, "<I", 1)) == "xdm_refused"


def test_a_file_that_points_at_another_one_is_refused() -> None:
    assert code_of(patched(built(), DOCUMENT, 42, "<I", 0)) == "xdm_refused"


def test_an_encrypted_archive_is_refused() -> None:
    assert "chiffrée" in refusal_of(patched(built(), DOCUMENT, 8, "<H", 1)).message


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_rare_compression_is_refused(method: int) -> None:
    assert "compression" in refusal_of(zipped(contents(built()), method)).message


def test_a_document_that_changed_on_its_way_is_refused() -> None:
    refusal = refusal_of(added(built(), {DOCUMENT: cda() + b" "}))
    assert (refusal.code, refusal.place) == ("xdm_hash", DOCUMENT)


def test_a_document_of_the_right_size_and_other_content_is_refused() -> None:
    assert code_of(added(built(), {DOCUMENT: cda().replace(b"PAT-TROIS", b"PAT-SEIZE")})) == "xdm_hash"


# --- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil.xml",
        "IHE_XDM/../../evil.xml",
        "/etc/passwd",
        "IHE_XDM//x.xml",
        "./x.xml",
        "IHE_XDM\\..\\..\\x.xml",
        "\\\\server\\x.xml",
        "C:/x.xml",
        "IHE_XDM/SUBSET01/..",
        "a\x00.xml",
        "a\n.xml",
    ],
)
def test_a_path_that_leaves_its_folder_is_refused(name: str) -> None:
    assert code_of(with_raw_name(name)) == "xdm_path"


def with_raw_name(name: str) -> bytes:
    """An archive with a file of that very name, which zipfile would have tidied."""
    placeholder = "Z" * len(name.encode())
    archive = added(built(), {placeholder: b"x"})
    return archive.replace(placeholder.encode(), name.encode())


def test_a_symbolic_link_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        link = zipfile.ZipInfo("IHE_XDM/SUBSET01/LINK.XML")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
    assert code_of(written.getvalue()) == "xdm_path"


@pytest.mark.parametrize("uri", ["../SUBSET02/DOC00001.XML", "..", "a/b.xml", "a\\b.xml", "/etc/passwd"])
def test_metadata_that_point_out_of_their_folder_are_refused(uri: str) -> None:
    described = replace(package.described([(entry(), cda())])[0], uri=uri)
    metadata = xds.to_bytes(xds.submit_objects(submission(), [described]))
    refusal = refusal_of(added(built(), {METADATA: metadata}))
    assert (refusal.code, refusal.place) == ("xdm_path", "Document01")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("double", [DOCUMENT, DOCUMENT.lower()])
def test_two_files_of_one_name_are_refused(double: str) -> None:
    """One would be hashed and the other shown."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        for name, data in contents(built()).items():
            opened.writestr(name, data)
        opened.writestr(double, b"<other/>")
    assert "même nom" in refusal_of(written.getvalue()).message


# --- content ---------------------------------------------------------------------------------------


def test_an_archive_without_metadata_is_not_one_of_ours() -> None:
    files = contents(built())
    del files[METADATA]
    assert code_of(zipped(files)) == "xdm_no_metadata"
    assert code_of(zipped({})) == "xdm_no_metadata"
    assert code_of(zipped({"METADATA.XML": b"<a/>"})) == "xdm_no_metadata"


@pytest.mark.parametrize(
    "metadata",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<!DOCTYPE a><a/>",
        b"<a",
        b"<a/>",
        b"",
    ],
)
def test_metadata_that_are_unreadable_or_dangerous_are_refused(metadata: bytes) -> None:
    refusal = refusal_of(added(built(), {METADATA: metadata}))
    assert refusal.code == "xdm_refused"
    assert refusal.place.startswith(METADATA)


def test_a_document_announced_and_missing_is_refused() -> None:
    files = contents(built())
    del files[DOCUMENT]
    refusal = refusal_of(zipped(files))
    assert (refusal.code, refusal.place) == ("xdm_refused", "DOC00001.XML")


def test_a_document_without_a_file_name_is_refused() -> None:
    metadata = xds.to_bytes(xds.submit_objects(submission(), [entry()]))
    assert code_of(added(built(), {METADATA: metadata})) == "xdm_refused"


def test_an_archive_inside_the_archive_is_kept_closed() -> None:
    inner = zipped({"x": bytes(2**20)})
    read = package.read(added(built(), {"IHE_XDM/SUBSET01/INNER.ZIP": inner}))
    assert read.subsets[0].extras == {"INNER.ZIP": inner}


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"%PDF-1.4", b"PK\x05\x06" + bytes(18), built()[:-10], built()[50:]]
)
def test_what_is_not_an_archive_is_refused(data: bytes) -> None:
    assert code_of(data) in ("xdm_refused", "xdm_no_metadata")


def test_a_deflate_stream_cut_short_is_refused() -> None:
    archive = bytearray(built())
    start = archive.index(DOCUMENT.encode()) + len(DOCUMENT)
    archive[start : start + 40] = zlib.compress(b"x")[:40].ljust(40, b"\x00")
    assert code_of(bytes(archive)) == "xdm_refused"


@given(st.integers(0, 2**32), st.integers(1, 8))
@settings(deadline=None, max_examples=150)
def test_no_damage_makes_the_reader_fail_otherwise(seed: int, hits: int) -> None:
    chance = random.Random(seed)
    archive = bytearray(built())
    for _ in range(hits):
        archive[chance.randrange(len(archive))] = chance.randrange(256)
    try:
        package.read(bytes(archive))
    except DomainError as refusal:
        assert refusal.code in ("xdm_refused", "xdm_too_big", "xdm_path", "xdm_no_metadata", "xdm_hash")
