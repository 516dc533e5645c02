"""A site of the former release upgraded by `jalon upgrade`, and brought back to what it was."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.operations.programs import Programs
from jalon.operations.restoring import Restored, recovered
from jalon_sandbox.embedded_postgres import SUPERUSER, create_database, start
from jalon_sandbox.server_place import forget, place_of
from jalon_sandbox.supervisor import House
from tests.releases import state
from tests.releases.database import BASE, fill, run, superuser
from tests.releases.release import Release
from tests.support import PROJECT

JALON = str(Path(sys.executable).with_name("jalon"))
RELEASE = Release(PROJECT / "tests/releases/0_1")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the server of that site and what is restored are."""
    yield tmp_path / "site"
    for name in ("pg", "back"):
        forget(tmp_path / "site" / name)


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site as the former release left it, on a server of its own: a base backup takes all of a server."""
    house = House()
    try:
        server = start(house, folder / "pg", fast=True)
        create_database(server, BASE)
        monkeypatch.setenv("DATABASE_URL", server.url(BASE))
        fill(BASE, RELEASE)
        yield BASE
    finally:
        house.close()


def command(folder: Path, site: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the product on that site, its own backups beside."""
    told = {
        "JALON_BACKUPS": str(folder / "kept"),
        "JALON_PG_BIN": str(place_of(folder / "pg").programs),
        "JALON_VAR": str(folder / "var"),
    }
    return run(site, JALON, *words, **told)


def test_a_former_site_is_upgraded_and_can_be_brought_back(folder: Path, site: str) -> None:
    with superuser(site) as connection:
        former = state.objects(connection), state.digests(connection)

    looked = json.loads(command(folder, site, "upgrade", "--look", "--json").stdout)
    assert "organizations.0004_word_column_dropped" in looked["stopping"]
    assert looked["stopping"].keys() < set(looked["pending"])

    done = command(folder, site, "upgrade", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert len(told["done"]) > 1
    assert command(folder, site, "upgrade").stdout == "La base est à jour.\n"

    with superuser(site) as connection:
        assert state.objects(connection) != former[0]
    assert f"jalon restore --base {told['base']}" in told["way_back"]
    assert brought_back(folder, site, told["base"]) == former


def brought_back(folder: Path, site: str, base: str) -> tuple[set[tuple[str, ...]], dict[str, str]]:
    """What the way back gives, as the command said it."""
    place = place_of(folder / "back")
    into = place.data / uuid.uuid4().hex
    user = place.user.pw_name if place.user else ""
    back = command(folder, site, "restore", "--base", base, "--into", str(into), "--user", user, "--json")
    assert back.stdout, back.stderr
    faults = json.loads(back.stdout)["faults"]
    # The kept release has no files: nothing else is missing.
    assert faults and all(fault.endswith("n’a pas ses octets") for fault in faults)
    restored, programs = Restored(into, base), Programs(place.programs, place.user)
    with recovered(restored, programs) as door, door.connect(site, SUPERUSER) as connection:
        connection.execute("set timezone to 'UTC'")
        return state.objects(connection), state.digests(connection)
