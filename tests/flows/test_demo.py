"""The demonstration as a visitor meets it: a private folder, one start, something written, another start."""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from jalon_sandbox import embedded_postgres
from jalon_sandbox.server_place import forget
from jalon_sandbox.supervisor import House
from tests.support import PROJECT

JALON = Path(sys.executable).with_name("jalon")
OURS = ("JALON_", "DATABASE_URL", "DJANGO_")
# What lives by itself between two starts: the queue of jobs, sessions, the rounds of mailboxes.
ALIVE = ("procrastinate_", "staff_session", "exchange_mailboxround")
VISITOR = """
import datetime as dt
from jalon.commands.django_setup import setup
setup()
from jalon.core.identity import Traits
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people import actions
from jalon.people.models import Person
with tenant(ManagingBody.objects.get().pk):
    traits = Traits("VISITEUSE", "Ana", "Ana", "F", dt.date(1950, 5, 5), "35238")
    actions.register(traits=traits, finess="990000010", by=None)
    actions.edit(person=Person.objects.filter(city="Rennes").first(), by=None, city="Nantes")
"""

Rows = dict[str, tuple[int, str]]


def bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


def start(data: Path) -> str:
    command: list[str | Path] = [JALON, "demo", "--once", "--port", "0", "--data", str(data)]
    done = subprocess.run(command, cwd=PROJECT, env=bare(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextlib.contextmanager
def base(data: Path) -> Iterator[embedded_postgres.Server]:
    """The demonstration's own database, the demonstration being stopped."""
    house = House()
    try:
        yield embedded_postgres.start(house, data / "pg")
    finally:
        house.close()


def visit(data: Path, server: embedded_postgres.Server) -> None:
    keys = json.loads((data / "keys.json").read_text("utf-8"))
    given = {**bare(), **keys, "JALON_MODE": "demo", "JALON_VAR": str(data), "DATABASE_URL": server.url()}
    subprocess.run([sys.executable, "-c", VISITOR], cwd=PROJECT, env=given, check=True)


def rows(server: embedded_postgres.Server) -> Rows:
    """Table → how many rows, and their digest."""
    with server.connect("jalon") as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {table: _digest(connection, table) for (table,) in tables if not table.startswith(ALIVE)}


def due(server: embedded_postgres.Server) -> int:
    """Projects whose review comes within two months: publishing the others must leave it so."""
    with server.connect("jalon") as connection:
        found = connection.execute("select 1 from plans_personalplan where review_on < current_date + 60")
        return len(found.fetchall())


def _digest(connection: psycopg.Connection[Any], table: str) -> tuple[int, str]:
    lines = connection.execute(f'select t::text from "{table}" t order by 1').fetchall()
    return len(lines), hashlib.sha256("\n".join(line for (line,) in lines).encode()).hexdigest()


def test_a_second_start_changes_nothing_of_what_a_visitor_wrote(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    try:
        assert "60 personnes accompagnées" in start(data)
        with base(data) as server:
            visit(data, server)
            before = rows(server)
            assert due(server) == 1
        assert "personnes accompagnées" not in start(data)
        with base(data) as server:
            after = rows(server)
        assert before["people_person"][0] == 61
        # What was being sent goes on being sent; nothing else moves.
        sent = {"exchange_delivery", "exchange_deliverystep"}
        assert {table for table in before if after[table] != before[table]} <= sent
        assert after["exchange_delivery"][0] == before["exchange_delivery"][0]
    finally:
        forget(data / "pg")
