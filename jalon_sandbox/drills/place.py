"""Where a drill takes place: a throw-away server with an empty, migrated database."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jalon_sandbox.embedded_postgres import Server, create_database, start
from jalon_sandbox.keys import keys_of
from jalon_sandbox.load.place import set_on
from jalon_sandbox.supervisor import House, Part, stop_on_signals

DATABASE: Final = "jalon_drill"


@contextlib.contextmanager
def served(data: Path, *, fast: bool = True) -> Iterator[tuple[Server, Part]]:
    """The server, and its process; this one is set on its database, as the commands it starts will be.

    `fast`: a crash of the server may lose what it acknowledged.
    """
    stop_on_signals()
    house = House()
    try:
        server = start(house, data / "pg", fast=fast)
        with server.connect() as superuser:
            superuser.execute(f'drop database if exists "{DATABASE}" with (force)')
        create_database(server, DATABASE)
        set_on(server, DATABASE, data, keys_of(data))
        yield server, house.parts[0]
    finally:
        house.close()
