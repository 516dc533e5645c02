"""The simulated services of the exchanges' tests, here too; a database and receivers for the drills."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections

from jalon_sandbox.drills.receivers import Receivers, open_receivers
from jalon_sandbox.drills.sendings import everybody
from tests.exchange.conftest import house as house
from tests.exchange.conftest import sandbox as sandbox
from tests.exchange.conftest import world as world
from tests.faults.peer import PasswordPeer, delivered, real_mail
from tests.server import drop

FULL = os.environ.get("JALON_FAULTS") == "full" or bool(os.environ.get("JALON_NO_SKIP"))
CITIZENS = 25 if FULL else 6


def told(database: str) -> dict[str, str]:
    """The environment of the workers of a drill on this database."""
    return {
        **os.environ, "JALON_MODE": "test", "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }  # fmt: skip


def named(name: str, user: str) -> str:
    """The address of a database of the test server."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
    return address.geturl().replace("jalon_app@", f"{user}@")


@pytest.fixture
def database(django_db_setup: None) -> Iterator[str]:
    """A database of our own, which the workers keep: a copy of the one that `jalon migrate` made."""
    template = connections["default"].settings_dict["TEST"]["TEMPLATE"]
    name = f"jalon_faults_{uuid.uuid4().hex[:8]}"
    base = urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")
    with psycopg.connect(named(base, "jalon_owner"), autocommit=True) as owner:
        owner.execute(f'create database "{name}" template "{template}"')
        yield named(name, "jalon_app")
        drop(owner, name)


@pytest.fixture
def receivers(tmp_path: Path) -> Iterator[Receivers]:
    citizens = [one.ins for one in everybody(CITIZENS)]
    real = (PasswordPeer, delivered) if real_mail() else ()
    with open_receivers(tmp_path / "services", citizens, *real) as opened:
        yield opened
