"""Databases of a released version, on the server of the tests: made, filled as they were, migrated, cut."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from jalon_sandbox.embedded_postgres import SUPERUSER
from tests.releases.release import Release, Table
from tests.server import drop
from tests.support import PROJECT, process_environment

BASE = "jalon_test_base"
SEQUENCES = """
select format('select setval(%L, (select max(%I) from %I))', pg_get_serial_sequence(table_name, column_name),
              column_name, table_name)
from information_schema.columns
where table_schema = 'public' and pg_get_serial_sequence(quote_ident(table_name), column_name) is not null"""


def address(name: str, user: str = "jalon_app") -> str:
    """Where a database of the tests' server is."""
    return os.environ["DATABASE_URL"].replace(BASE, name).replace("jalon_app@", f"{user}@")


@contextmanager
def superuser(name: str = BASE) -> Iterator[psycopg.Connection[Any]]:
    """A connection that no policy and no trigger stops, for the tests alone."""
    with psycopg.connect(address(name, SUPERUSER), autocommit=True) as connection:
        connection.execute("set timezone to 'UTC'")
        yield connection


@contextmanager
def database(name: str, template: str = "template1") -> Iterator[str]:
    """A database of its own, or a copy of another; dropped at the end."""
    with superuser() as server:
        drop(server, name)  # of a run that was killed
        server.execute(f'create database "{name}" owner jalon_owner template "{template}"')
        try:
            with superuser(name) as there:
                there.execute("alter schema public owner to jalon_owner")
            yield name
        finally:
            drop(server, name)


def run(name: str, *command: str, **told: str) -> subprocess.CompletedProcess[str]:
    """A command of its own process on that database, with the settings of the tests."""
    environment = process_environment() | {"DATABASE_URL": address(name), "JALON_MODE": "test"} | told
    environment["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    return subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True)


def jalon(name: str, *arguments: str, **told: str) -> str:
    """What a command of the product answers on that database; an AssertionError when it refuses."""
    done = run(name, str(Path(sys.executable).with_name("jalon")), *arguments, **told)
    assert done.returncode == 0, done.stderr
    return done.stdout


def fill(name: str, release: Release) -> None:
    """Migrate an empty database as far as the release went, and put its rows there as they were."""
    done = run(name, sys.executable, "-m", "tests.releases.migrating", "as-far-as", release.folder.name)
    assert done.returncode == 0, done.stderr
    with superuser(name) as connection, connection.transaction():
        # No trigger writes a history, no key is checked: the rows were right together.
        connection.execute("set local session_replication_role = replica")
        for table in release.tables():
            _copy(connection, table)
        for (statement,) in connection.execute(SEQUENCES).fetchall():
            connection.execute(statement)


def _copy(connection: psycopg.Connection[Any], table: Table) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor().copy(f'copy "{table.name}" ({columns}) from stdin') as copy:
        copy.write("".join(f"{line}\n" for line in table.lines))
