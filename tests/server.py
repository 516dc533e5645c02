"""The PostgreSQL of one test run: started once, by the process that begins it, in a folder of its own."""

import fcntl
import os
from typing import Any, TextIO

import psycopg

from jalon_sandbox import embedded_postgres
from jalon_sandbox.supervisor import House
from tests.support import PROJECT

HOUSE = House()
FOLDER = PROJECT / "var/test"
_kept: list[TextIO] = []


def _free_slot() -> str:
    """Two runs at once each have a server: a lock says which folders are taken."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    # A server of another version cannot open the same folder.
    kind = "other" if os.environ.get("JALON_PG_BIN") else "pg"
    for number in range(20):
        lock = (FOLDER / f"{kind}{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        _kept.append(lock)
        return f"{kind}{number}"
    raise RuntimeError("twenty test runs at once")


def ensure() -> None:
    """Start the server unless DATABASE_URL names one; workers of xdist inherit the variable."""
    if "DATABASE_URL" in os.environ:
        return
    server = embedded_postgres.start(HOUSE, FOLDER / _free_slot(), fast=True)
    embedded_postgres.create_database(server, "jalon_test_base")
    os.environ["DATABASE_URL"] = server.url("jalon_test_base")


def close() -> None:
    """Stop what this process started."""
    HOUSE.close()
    for lock in _kept:
        lock.close()


def drop(owner: psycopg.Connection[Any], name: str) -> None:
    """Drop a database that processes of ours may still hold.

    Not `with (force)`: it is refused to an owner while the server's own vacuum is there, which the plain
    order sends away by itself.
    """
    owner.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = %s and backend_type = 'client backend'",
        [name],
    )
    owner.execute(f'drop database if exists "{name}"')
