"""A share of `jalon drill kills`: the worker is killed 20 times during 500 sendings, and the receivers count.

In full with JALON_FAULTS=full, and wherever nothing may be skipped (CI); a shorter story otherwise.
"""

import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections

from jalon_sandbox.drills.kills import Size, campaign
from jalon_sandbox.drills.receivers import Receivers, open_receivers
from jalon_sandbox.drills.sendings import everybody
from tests.faults.peer import PasswordPeer, delivered, real_mail

FULL = os.environ.get("JALON_FAULTS") == "full" or bool(os.environ.get("JALON_NO_SKIP"))
SIZE = Size(25, 10, 20) if FULL else Size(6, 5, 6)


def _named(name: str, user: str) -> str:
    """The address of a database of the test server."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
    return address.geturl().replace("jalon_app@", f"{user}@")


@pytest.fixture
def database(django_db_setup: None) -> Iterator[str]:
    """A database of our own, which the workers keep: a copy of the one that `jalon migrate` made."""
    template = connections["default"].settings_dict["TEST"]["TEMPLATE"]
    name = f"jalon_faults_{uuid.uuid4().hex[:8]}"
    base = urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")
    with psycopg.connect(_named(base, "jalon_owner"), autocommit=True) as owner:
        owner.execute(f'create database "{name}" template "{template}"')
        yield _named(name, "jalon_app")
        owner.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def receivers(tmp_path: Path) -> Iterator[Receivers]:
    citizens = [one.ins for one in everybody(SIZE.people)]
    real = (PasswordPeer, delivered) if real_mail() else ()
    with open_receivers(tmp_path / "services", citizens, *real) as opened:
        yield opened


def test_workers_killed_while_they_send_lose_nothing_and_send_nothing_twice(
    database: str, receivers: Receivers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {
        **os.environ, "JALON_MODE": "test", "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }  # fmt: skip
    report = campaign(environment, receivers, tmp_path, SIZE, seed=20261122)
    with capsys.disabled():
        print("", *report.lines, sep="\n", file=sys.stderr)  # noqa: T201  meant to be read
    assert report.faults == []
    assert (report.figures["sendings"], sum(report.figures["deaths"].values())) == (SIZE.asked, SIZE.kills)
