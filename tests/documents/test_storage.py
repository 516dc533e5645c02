"""Files at rest: unreadable on the disk, kept once, believed only when whole and in their place."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.documents.storage import load, store
from jalon.organizations.models import ManagingBody
from tests.factories import ManagingBodyFactory

pytestmark = pytest.mark.django_db
LETTER = b"%PDF-1.4 Compte rendu de Camille FICTIF, personne d'essai"
OTHER = b"%PDF-1.4 Ordonnance de Zoe EXEMPLE, personne d'essai"


@pytest.fixture
def folder(settings: Settings, body: ManagingBody) -> Path:
    return Path(settings.MEDIA_ROOT)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def place(folder: Path, digest: str) -> Path:
    (found,) = folder.rglob(digest)
    return found


@pytest.mark.parametrize("data", [LETTER, b"", bytes(range(256)) * 400])
def test_what_is_stored_comes_back_by_its_sha_256(folder: Path, data: bytes) -> None:
    digest = store(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert load(digest) == data


def test_the_disk_holds_nothing_readable_and_no_name(folder: Path) -> None:
    digest = store(LETTER)
    (kept,) = files(folder)
    assert b"FICTIF" not in kept.read_bytes()
    assert b"PDF" not in kept.read_bytes()
    assert kept.name == digest


def test_the_same_bytes_are_kept_once(folder: Path) -> None:
    assert store(LETTER) == store(LETTER)
    assert len(files(folder)) == 1


def test_a_file_lies_in_the_folder_of_its_managing_body(folder: Path, body: ManagingBody) -> None:
    digest = store(LETTER)
    assert place(folder, digest).relative_to(folder).parts == (str(body.pk), digest[:2], digest)


def test_another_managing_body_has_its_own_copy_and_cannot_read_ours(folder: Path) -> None:
    digest = store(LETTER)
    with tenant(ManagingBodyFactory().pk):
        with pytest.raises(FileNotFoundError):
            load(digest)
        store(LETTER)
        assert load(digest) == LETTER
    assert len(files(folder)) == 2


def test_a_file_copied_from_another_managing_body_is_refused(folder: Path, body: ManagingBody) -> None:
    digest = store(LETTER)
    with tenant((other := ManagingBodyFactory()).pk):
        stolen = folder / str(other.pk) / digest[:2] / digest
        stolen.parent.mkdir(parents=True)
        shutil.copy(folder / str(body.pk) / digest[:2] / digest, stolen)
        with pytest.raises(ValueError, match="altered"):
            load(digest)


def test_one_altered_bit_is_refused(folder: Path) -> None:
    kept = place(folder, digest := store(LETTER))
    changed = bytearray(kept.read_bytes())
    changed[-1] ^= 1
    kept.write_bytes(changed)
    with pytest.raises(ValueError, match="altered"):
        load(digest)


def test_a_truncated_file_is_refused(folder: Path) -> None:
    kept = place(folder, digest := store(LETTER))
    kept.write_bytes(kept.read_bytes()[:-20])
    with pytest.raises(ValueError, match="altered"):
        load(digest)


def test_two_swapped_files_are_refused(folder: Path) -> None:
    one, other = store(LETTER), store(OTHER)
    first, second = place(folder, one), place(folder, other)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    for digest in (one, other):
        with pytest.raises(ValueError, match="altered"):
            load(digest)


def test_a_digest_that_was_never_stored_is_not_found(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load("0" * 64)


def test_without_a_managing_body_nothing_is_stored(folder: Path) -> None:
    with tenant(None), pytest.raises(RuntimeError, match="managing body"):
        store(LETTER)
    assert files(folder) == []


def test_a_write_cut_short_leaves_no_half_file_behind_a_believed_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="No space"):
            store(LETTER)
    assert files(folder) == [], "nor a hidden one"
    assert load(store(LETTER)) == LETTER


def test_a_stored_file_is_its_owner_s_alone_and_so_are_the_folders(folder: Path) -> None:
    file = place(folder, store(LETTER))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent, file.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_a_file_of_a_retired_key_is_still_read(folder: Path, settings: Settings) -> None:
    digest = store(LETTER)
    settings.JALON_KEYS = [f"new:{'B' * 43}=", *settings.JALON_KEYS]
    assert load(digest) == LETTER
    store(OTHER)
    assert place(folder, hashlib.sha256(OTHER).hexdigest()).read_bytes().startswith(b"new:")
