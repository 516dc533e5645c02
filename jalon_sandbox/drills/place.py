"""Where a drill takes place: a throw-away server with an empty, migrated database."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from jalon_sandbox.bench.base import fresh
from jalon_sandbox.embedded_postgres import Server, start
from jalon_sandbox.supervisor import House, Part, stop_on_signals


@contextlib.contextmanager
def served(data: Path) -> Iterator[Server]:
    """The server; this process is set on its database, as the commands it starts will be."""
    with mortal(data, fast=True) as (server, _):
        yield server


@contextlib.contextmanager
def mortal(data: Path, *, fast: bool = False) -> Iterator[tuple[Server, Part]]:
    """The server, and its process, that a drill may kill: unless `fast`, it keeps what it acknowledged."""
    stop_on_signals()
    house = House()
    try:
        server = start(house, data / "pg", fast=fast)
        fresh(server, data)
        yield server, house.parts[0]
    finally:
        house.close()
