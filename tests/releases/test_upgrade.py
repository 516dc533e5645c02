"""A database of a former release, with its rows, becomes one of today: nothing lost, wherever it is cut."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from itertools import cycle, takewhile
from pathlib import Path

import pytest

from tests.releases import state
from tests.releases.database import database, fill, jalon, run, superuser
from tests.releases.release import Release, canonical, fingerprint
from tests.support import PROJECT

FOLDER = PROJECT / "tests/releases"
RELEASES = [Release(path.parent) for path in sorted(FOLDER.glob("*/migrations.json"))]
# What a migration changed in rows that were there, on purpose: release → place → why.
CHANGED: dict[str, dict[str, str]] = {
    "0_1": {"organizations_establishment.word_for_person": "a setting since organizations.0003"}
    | {
        f"people_protectionmeasure{history}.covers_{field}": "a mode, to be verified, since people.0003"
        for history in ("", "event")
        for field in ("person", "goods")
    }
}
CUTS = 6  # places where the migrations are cut, spread over them: each costs two starts of `jalon migrate`


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release.folder.name)
def release(request: pytest.FixtureRequest) -> Release:
    found: Release = request.param
    return found


@pytest.fixture(scope="module")
def former(release: Release) -> Iterator[str]:
    """A database as that release left it."""
    with database(f"jalon_release_{os.getpid()}") as name:
        fill(name, release)
        yield name


@pytest.fixture(scope="module")
def upgraded(former: str) -> Iterator[str]:
    """The same, brought to today's schema."""
    with database(f"{former}_upgraded", former) as name:
        jalon(name, "migrate")
        yield name


def to_come(release: Release) -> int:
    """How many migrations of ours that release did not know."""
    known = {(app, name) for app, name, _ in release.migrations()}
    ours = {(path.parts[-3], path.stem) for path in PROJECT.glob("jalon/*/migrations/0*.py")}
    return len(ours - known)


def kill(name: str, place: str) -> bool:
    """Migrate in a process that dies at `place`; False when it ended before."""
    ended = run(name, sys.executable, "-m", "tests.releases.migrating", "killed", place)
    assert ended.returncode in (-signal.SIGKILL, 0), f"{place}: {ended.stderr[-2000:]}"
    return ended.returncode != 0


def test_a_released_migration_is_never_edited(release: Release) -> None:
    released = [(app, name, digest) for app, name, digest in release.migrations() if digest]
    assert released
    assert [
        f"{app}.{name}"
        for app, name, digest in released
        if fingerprint(PROJECT / f"jalon/{app}/migrations/{name}.py") != digest
    ] == []


def test_no_row_of_the_former_release_is_lost_or_altered(release: Release, upgraded: str) -> None:
    with superuser(upgraded) as connection:
        found = [state.differences(connection, table) for table in release.tables()]
    assert set().union(*found) == CHANGED[release.folder.name].keys()


def test_every_record_gives_the_transfer_it_gave(release: Release, upgraded: str, tmp_path: Path) -> None:
    # No value of a transfer depends on the day it is made: all of it is compared.
    with database(f"{upgraded}_exported", upgraded) as name:
        jalon(name, "tddui", "export", "--all", "--out", str(tmp_path))
    given = sorted(canonical(json.loads(path.read_text("utf-8"))) for path in tmp_path.glob("*.json"))
    assert len(given) > 60
    assert given == release.exports()


def test_what_is_counted_of_the_former_rows_is_kept_as_it_is_counted(upgraded: str) -> None:
    with database(f"{upgraded}_tallied", upgraded) as name:
        made = [
            jalon(name, "indicators", "rebuild", "--json", *month) for month in ((), ("--month", "2026-11"))
        ]
        assert all(json.loads(told)["tallies"] > 3 for told in made)
        told = json.loads(jalon(name, "indicators", "check", "--json"))
        assert told["tallies"] > 3
        assert told["differences"] == []


def test_the_chain_of_accesses_is_still_whole(upgraded: str, tmp_path: Path) -> None:
    told = json.loads(jalon(upgraded, "audit", "verify", "--json", JALON_SEAL_FILE=str(tmp_path / "none")))
    assert told == {"whole": True, "problem": None, "unsealed": 0}
    with superuser(upgraded) as connection:
        assert connection.execute("select count(*) > 10 from audit_seal").fetchone() == (True,)


def test_migrations_killed_anywhere_and_run_again_give_the_same(
    release: Release, former: str, upgraded: str
) -> None:
    # Of two deaths, one keeps the last of its `step` migrations and one loses it: 2 × step - 1 are done.
    step = max((2 * to_come(release) + CUTS) // (2 * CUTS), 1)
    with database(f"{former}_cut", former) as name:
        places = cycle((f"before:{step}", f"after:{step}"))
        deaths = sum(1 for _ in takewhile(lambda place: kill(name, place), places))
        assert deaths >= min(to_come(release), CUTS)
        assert kill(name, "hardening")
        jalon(name, "migrate")
        with superuser(name) as cut, superuser(upgraded) as whole:
            assert state.objects(cut) == state.objects(whole)
            assert state.digests(cut) == state.digests(whole)


def test_migrating_again_changes_nothing(upgraded: str) -> None:
    with superuser(upgraded) as connection:
        before = state.objects(connection), state.digests(connection)
        jalon(upgraded, "migrate")
        assert (state.objects(connection), state.digests(connection)) == before
