"""The worker is killed 20 times during 500 sendings, and the receivers' own counts are read.

In full with JALON_FAULTS=full, and wherever nothing may be skipped (CI); a shorter story otherwise.
"""

import os
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections

from tests.faults.kills import CONCURRENCY, House, plan, run
from tests.faults.receivers import Receivers, open_receivers
from tests.support import PROJECT

FULL = os.environ.get("JALON_FAULTS") == "full" or bool(os.environ.get("JALON_NO_SKIP"))
PEOPLE, DOCUMENTS, KILLS = (25, 10, 20) if FULL else (6, 5, 6)
ASKED = PEOPLE * DOCUMENTS * 2
SHORT_DELAYS = {"JALON_RETRY_AFTER": "1", "JALON_RECOVERY_PATIENCE": "6", "JALON_SERVICES_TIMEOUT": "10"}
QUERY = (
    "select destination, state, message_id, submission_id, unique_id"
    " from exchange_delivery join documents_document as document on document.id = document_id"
)
RESCUED = "select count(*) from procrastinate_events where type = 'deferred_for_retry'"


@dataclass(frozen=True)
class Account:
    """One delivery: where it went, where it stands with us, and how many times its receiver has it."""

    destination: str
    state: str
    received: int


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
    with open_receivers(tmp_path / "services", PEOPLE) as opened:
        yield opened


@pytest.fixture
def house(database: str, receivers: Receivers, tmp_path: Path) -> House:
    environment = {
        **os.environ, **SHORT_DELAYS, **receivers.environment, "JALON_MODE": "test",
        "JALON_VAR": str(tmp_path / "house"), "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }  # fmt: skip
    body = _story(environment, "write", str(PEOPLE), str(DOCUMENTS))
    return House(database, uuid.UUID(body), environment)


def _story(environment: dict[str, str], *arguments: str) -> str:
    """What a command of the story, run beside us on the story's database, printed."""
    command = [sys.executable, "-m", "tests.faults.story", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


def accounts(house: House, receivers: Receivers) -> list[Account]:
    """Each delivery beside what its receiver has of it. Raises AssertionError on a message of nobody."""
    mails, feeds, documents = receivers.mails(), receivers.feeds(), receivers.documents()
    found, rows = [], house.rows(QUERY)
    for destination, state, message_id, submission_id, unique_id in rows:
        # Of the DMP, the worse of two counts: lots accepted, and times the document is there.
        received = (
            mails.pop(message_id, 0)
            if destination == "citizen_mail"
            else max(feeds.pop(submission_id, 0), documents[unique_id])
        )
        found.append(Account(destination, state, received))
    assert (mails, feeds) == (Counter(), Counter()), "a receiver has what nobody asked to send"
    return found


def told(deaths: Counter[str], found: Sequence[Account], rescued: int, seconds: float, operator: str) -> str:
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(deaths.items()))
    lines = [
        f"killed workers: {sum(deaths.values())} SIGKILL ({kinds}) during {len(found)} sendings,"
        f" {seconds:.0f} s, {rescued} jobs taken up again; mail by {operator}"
    ]
    for (where, state, received), number in sorted(
        Counter((one.destination, one.state, one.received) for one in found).items()
    ):
        lines.append(f"  {where}: {number} {state}, received {received} time(s)")
    return "\n".join(lines)


def test_workers_killed_while_they_send_lose_nothing_and_send_nothing_twice(
    house: House, receivers: Receivers, capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.monotonic()
    deaths = run(house, plan(KILLS, ASKED, random.Random(20261122)))
    seconds = time.monotonic() - started
    found = accounts(house, receivers)
    ((rescued,),) = house.rows(RESCUED)
    with capsys.disabled():
        print(f"\n{told(deaths, found, rescued, seconds, receivers.operator)}", file=sys.stderr)  # noqa: T201  meant to be read
    unsure = [one for one in found if one.state == "to_check"]

    assert (len(found), sum(deaths.values())) == (ASKED, KILLS)
    assert {(one.state, one.received) for one in found if one not in unsure} <= {
        ("sent", 1),
        ("acknowledged", 1),
    }
    assert {one.received for one in unsure} <= {0, 1}
    # A look-up always decides for the DMP; each death leaves unsure at most the mails then on their way.
    assert {one.destination for one in unsure} <= {"citizen_mail"}
    assert len(unsure) <= KILLS * CONCURRENCY
    assert int(_story(house.environment, "waiting", str(house.body))) == len(unsure)
