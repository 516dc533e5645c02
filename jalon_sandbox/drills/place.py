"""Where a drill takes place: a throw-away server with an empty, migrated database."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from jalon_sandbox.bench.base import fresh
from jalon_sandbox.embedded_postgres import start
from jalon_sandbox.supervisor import House, Part, stop_on_signals


@contextlib.contextmanager
def served(data: Path, *, fast: bool = True) -> Iterator[Part]:
    """The server; this process is set on its database, as the commands it starts will be.

    `fast`: a crash of the server may lose what it acknowledged.
    """
    stop_on_signals()
    house = House()
    try:
        server = start(house, data / "pg", fast=fast)
        fresh(server, data)
        yield house.parts[0]
    finally:
        house.close()
