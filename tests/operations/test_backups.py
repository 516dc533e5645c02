"""What a backup copies, what a restoring refuses, and what it says when something is missing."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from jalon.commands.safety import source_of
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.operations.backup import Mirror
from jalon.operations.integrity import Found, bring, prints
from jalon.operations.kept import Kept, Proof, moment_of, name_at
from jalon.operations.programs import Programs, programs
from jalon.operations.restoring import lay_out
from tests.commands.conftest import Jalon
from tests.commands.conftest import jalon as jalon
from tests.factories import DocumentFactory, ManagingBodyFactory

NIGHT = dt.datetime(2026, 11, 29, 1, 15, tzinfo=dt.UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    found = Kept(tmp_path / "kept")
    found.open()
    return found


def whole_at(kept: Kept, moment: dt.datetime) -> str:
    kept.place(name_at(moment)).mkdir()
    return name_at(moment)


def test_the_base_that_was_whole_before_the_moment_is_taken(kept: Kept) -> None:
    first, second = whole_at(kept, NIGHT), whole_at(kept, NIGHT + dt.timedelta(hours=1))
    kept.place("part").mkdir()  # of a backup that was cut
    assert moment_of(first) == NIGHT
    assert kept.before(None) == second
    assert kept.before(NIGHT + dt.timedelta(minutes=59)) == first
    with pytest.raises(DomainError, match="Aucune sauvegarde"):
        kept.before(NIGHT - dt.timedelta(seconds=1))


def test_a_restoring_never_goes_over_what_is_there(kept: Kept, tmp_path: Path) -> None:
    whole_at(kept, NIGHT)
    (tmp_path / "living").mkdir()
    (tmp_path / "living" / "PG_VERSION").touch()
    with pytest.raises(DomainError, match="jamais sur une base qui sert"):
        lay_out(kept, tmp_path / "living", None, Programs(tmp_path))
    assert [path.name for path in (tmp_path / "living").iterdir()] == ["PG_VERSION"]


def test_a_machine_without_the_programs_says_which_setting_names_them(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="JALON_PG_BIN"):
        programs(tmp_path)


def test_the_last_proof_is_read_as_it_was_kept(kept: Kept) -> None:
    assert kept.proved() is None
    proof = Proof(NIGHT, name_at(NIGHT), NIGHT, 12.5, 90, 3)
    kept.prove(proof)
    assert kept.proved() == proof


def test_only_missing_documents_are_copied_and_never_one_that_is_being_written(tmp_path: Path) -> None:
    source, to = tmp_path / "files", tmp_path / "copy"
    (source / "body/ab").mkdir(parents=True)
    (source / "body/ab/abc").write_bytes(b"one")
    (source / "body/ab/.abd.part").write_bytes(b"ha")
    mirror = Mirror(source, to)
    assert mirror.copy() == 1
    assert mirror.copy() == 0
    (source / "body/ab/.abd.part").rename(source / "body/ab/abd")
    assert mirror.copy() == 1
    assert sorted(path.name for path in to.rglob("ab?")) == ["abc", "abd"]


def test_a_command_that_says_neither_where_nor_that_it_proves_is_misuse(jalon: Jalon) -> None:
    assert jalon("restore").code == 2
    assert jalon("restore", "--into", "x", "--prove").code == 2
    assert jalon("restore", "--into", "x", "--to", "hier soir").code == 2


@pytest.fixture
def reader(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """The role that reads everything, on the database of the test."""
    source = source_of()
    with source.connect() as found:
        assert found.info.user == "jalon_backup"
        assert found.info.dbname == connection.settings_dict["NAME"]
        yield found


def test_a_document_without_its_bytes_or_with_others_is_named_by_its_hash(
    reader: psycopg.Connection[Any], kept: Kept, tmp_path: Path
) -> None:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        whole, lost, altered = (store(data) for data in (b"whole", b"lost", b"altered"))
        for digest in (whole, lost, altered):
            DocumentFactory.create(sha256=digest)
    Mirror(Path(settings.MEDIA_ROOT), kept.files).copy()
    (kept.files / f"{body.pk}/{lost[:2]}/{lost}").unlink()
    place = kept.files / f"{body.pk}/{altered[:2]}/{altered}"
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    found = Found()
    bring(reader, kept.files, tmp_path / "back", found)
    assert (found.documents, found.missing, found.altered) == (3, [lost], [altered])
    assert found.faults == [f"le document {lost} n’a pas ses octets", f"le document {altered} est altéré"]
    assert (tmp_path / f"back/{body.pk}/{whole[:2]}/{whole}").exists()


def test_a_fingerprint_changes_with_any_row_and_not_with_their_order(reader: psycopg.Connection[Any]) -> None:
    ManagingBodyFactory.create(finess="350000014")
    before = prints(reader)
    assert before["organizations_managingbody"][0] == 1
    second = ManagingBodyFactory.create(finess="350000022")
    assert prints(reader)["organizations_managingbody"] != before["organizations_managingbody"]
    second.delete()
    assert prints(reader) == before
