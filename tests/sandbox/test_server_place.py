"""The embedded PostgreSQL works for anybody, in a private folder too, and keeps its data to itself."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon_sandbox import embedded_postgres, server_place
from jalon_sandbox.server_place import forget, place_of
from jalon_sandbox.supervisor import House

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="seul root confie la base à un autre utilisateur")


@pytest.fixture
def refuges(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may enter, in place of the machine's own."""
    monkeypatch.delenv("JALON_PG_BIN", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="jalon-test-", dir=server_place.REFUGES))
    folder.chmod(0o755)
    monkeypatch.setattr(server_place, "REFUGES", folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A visitor's folder that nobody else may enter."""
    (tmp_path / "mine").mkdir(mode=0o700)
    return tmp_path / "mine/pg"


@contextlib.contextmanager
def running(data: Path) -> Iterator[embedded_postgres.Server]:
    house = House()
    try:
        yield embedded_postgres.start(house, data, fast=True)
    finally:
        house.close()


def test_for_a_plain_user_everything_stays_in_place(
    refuges: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)  # the suite of a new machine runs as root
    assert place_of(private).data == private
    assert list(refuges.iterdir()) == []


@as_root
def test_in_a_private_folder_the_server_lives_in_a_refuge_and_the_folder_stays_private(
    refuges: Path, private: Path
) -> None:
    with running(private) as server:
        first = server.identity()
    (refuge,) = refuges.iterdir()
    assert (refuge.stat().st_uid, refuge.stat().st_mode & 0o777) == (0, 0o711)
    assert (refuge / "data").stat().st_mode & 0o777 == 0o700
    assert (refuge / "data").stat().st_uid != 0
    assert private.parent.stat().st_mode & 0o777 == 0o700
    assert list(private.iterdir()) == []
    with running(private) as server:
        assert server.identity() == first


@as_root
def test_a_folder_made_private_after_its_first_start_keeps_its_data(refuges: Path) -> None:
    data = Path(tempfile.mkdtemp(prefix="mine-", dir=refuges)) / "pg"
    data.parent.chmod(0o755)
    with running(data) as server:
        first = server.identity()
        assert place_of(data).data == data
    data.parent.chmod(0o700)
    with running(data) as server:
        assert server.identity() == first
    assert list(data.iterdir()) == []
    data.parent.chmod(0o755)
    with running(data) as server:
        assert server.identity() == first


@as_root
def test_what_is_forgotten_is_forgotten_in_the_refuge_too(refuges: Path, private: Path) -> None:
    with running(private) as server:
        first = server.identity()
    forget(private)
    assert list(refuges.iterdir()) == []
    with running(private) as server:
        assert server.identity() != first


@as_root
@pytest.mark.parametrize("kind", ["somebody else's", "open to others", "a link"])
def test_a_refuge_that_is_not_ours_is_refused(
    refuges: Path, private: Path, tmp_path: Path, kind: str
) -> None:
    refuge = server_place._name(private)
    if kind == "a link":
        refuge.symlink_to(tmp_path)
    else:
        refuge.mkdir()
        refuge.chmod(0o777 if kind == "open to others" else 0o755)
        os.chown(refuge, 0 if kind == "open to others" else 65534, 0)
    with pytest.raises(SystemExit, match="n’est pas à nous"):
        place_of(private)
    assert list(tmp_path.iterdir()) == [private.parent]


@as_root
def test_a_named_server_that_its_user_cannot_run_is_refused(
    refuges: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JALON_PG_BIN", str(private.parent))
    with pytest.raises(SystemExit, match="ne peut pas exécuter"):
        place_of(private)
