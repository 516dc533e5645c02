"""The worker is killed 20 times during 500 sendings, and the receivers' own counts are read."""

import os
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections

from tests.faults.kills import House, plan, run
from tests.faults.receivers import Receivers, open_receivers
from tests.support import PROJECT

FULL = os.environ.get("JALON_FAULTS") == "full" or bool(os.environ.get("JALON_NO_SKIP"))
PEOPLE, DOCUMENTS, KILLS = (25, 10, 20) if FULL else (6, 5, 6)
SHORT_DELAYS = {
    "JALON_RETRY_AFTER": "1",
    "JALON_RECOVERY_PATIENCE": "6",
    "JALON_SERVICES_TIMEOUT": "10",
}
QUERY = (
    "select d.id::text, destination, state, message_id, submission_id, unique_id"
    " from exchange_delivery d join documents_document o on o.id = d.document_id"
)


def _database_named(name: str, user: str) -> str:
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
    return address.geturl().replace("jalon_app@", f"{user}@")


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[str]:
    """A database of our own, which the workers keep: a copy of the one that `jalon migrate` made."""
    template = connections["default"].settings_dict["TEST"]["TEMPLATE"]
    name = f"jalon_faults_{uuid.uuid4().hex[:8]}"
    base = urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")
    with psycopg.connect(_database_named(base, "jalon_owner"), autocommit=True) as owner:
        owner.execute(f'create database "{name}" template "{template}"')
        yield _database_named(name, "jalon_app")
        owner.execute(f'drop database "{name}" with (force)')


@pytest.fixture(scope="module")
def receivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receivers]:
    with open_receivers(tmp_path_factory.mktemp("services"), PEOPLE) as opened:
        yield opened


@pytest.fixture(scope="module")
def house(database: str, receivers: Receivers, tmp_path_factory: pytest.TempPathFactory) -> House:
    var: Path = tmp_path_factory.mktemp("house")
    environment = {
        **os.environ, **SHORT_DELAYS, **receivers.environment, "JALON_MODE": "test", "JALON_VAR": str(var),
        "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }  # fmt: skip
    written = subprocess.run(
        [sys.executable, "-m", "tests.faults.story", str(PEOPLE), str(DOCUMENTS)],
        cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return House(database, uuid.UUID(written.stdout.strip()), environment)


def test_workers_killed_while_they_send_lose_nothing_and_double_nothing(
    house: House, receivers: Receivers, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = PEOPLE * DOCUMENTS * 2
    started = time.monotonic()
    deaths = run(house, plan(KILLS, asked, random.Random(20261122)))
    lasted = time.monotonic() - started
    mails, feeds, documents = receivers.mails(), receivers.feeds(), receivers.documents()
    rows = house.rows(QUERY)
    seen = Counter(
        (state, (mails[message_id] if where == "citizen_mail" else feeds[submission_id]))
        for _, where, state, message_id, submission_id, _ in rows
    )
    with capsys.disabled():
        print(deaths, seen, lasted)
    print(Counter(house.rows("select attempts from exchange_delivery")))
    assert 0
