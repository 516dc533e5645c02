"""Restoring: always into a new folder, to a moment, and checked before anybody believes it."""

import contextlib
import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from jalon.core.errors import DomainError
from jalon.operations.backup import copied
from jalon.operations.kept import Kept
from jalon.operations.programs import Programs

PATIENCE: Final = 3600 * 12
"""Seconds left to the database to play its journals again."""
PARTIAL: Final = ".partial"


@dataclass(frozen=True)
class Restored:
    """Where everything is now: `folder` holds `pg`, `files` and `seals.log`."""

    folder: Path
    base: str

    @property
    def data(self) -> Path:
        return self.folder / "pg"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def seals(self) -> Path:
        return self.folder / "seals.log"


@dataclass(frozen=True)
class Door:
    """How a recovered database is reached: by a socket that only its owner and root may reach."""

    socket: Path

    def connect(self, database: str, user: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.socket), user=user, dbname=database, autocommit=True)


def lay_out(kept: Kept, into: Path, moment: dt.datetime | None, programs: Programs) -> Restored:
    """Copy the base and the journals it needs. Refuses a folder that holds anything."""
    if into.exists() and any(into.iterdir()):
        raise DomainError(
            f"{into} n’est pas vide : une restauration va dans un dossier neuf, "
            "jamais sur une base qui sert.",
            code="not_empty",
        )
    restored = Restored(into, kept.before(moment))
    _same_version(kept, restored, programs)
    into.mkdir(parents=True, exist_ok=True)
    shutil.copytree(kept.place(restored.base), restored.data, symlinks=True)
    for journal in sorted(kept.wal.iterdir()) if kept.wal.exists() else ():
        shutil.copyfile(journal, restored.data / "pg_wal" / journal.name.removesuffix(PARTIAL))
    (restored.data / "recovery.signal").touch()
    programs.own(restored.data)
    if kept.seals.exists():
        copied(kept.seals, restored.seals)
    return restored


def _same_version(kept: Kept, restored: Restored, programs: Programs) -> None:
    needed = int((kept.place(restored.base) / "PG_VERSION").read_text("ascii"))
    if programs.version() != needed:
        raise DomainError(
            f"Cette sauvegarde est de PostgreSQL {needed}, et les programmes de {programs.folder} sont d’une "
            "autre version : réglez JALON_PG_BIN.",
            code="other_version",
        )


@contextlib.contextmanager
def recovered(restored: Restored, programs: Programs, moment: dt.datetime | None) -> Iterator[Door]:
    """The database played again up to `moment`, reachable for the time of the block, then stopped."""
    run = Path(tempfile.mkdtemp(prefix="jalon-", dir="/tmp"))  # noqa: S108  a socket path is short
    log = run / "log"
    (run / "hba").write_text("local all all trust\n", "ascii")
    (run / "conf").touch()
    programs.own(run)
    options = " ".join(f"-c {name}='{value}'" for name, value in _options(run, moment).items())
    where = ("--pgdata", str(restored.data), "--log", str(log))
    try:
        programs.run("pg_ctl", *where, "--options", options, "--no-wait", "start", **programs.as_user)
        _wait(run, log)
        yield Door(run)
    finally:
        with contextlib.suppress(DomainError):  # it may have stopped by itself, and said why
            programs.run("pg_ctl", *where, "--mode=fast", "stop", **programs.as_user)
        shutil.rmtree(run, ignore_errors=True)


def _options(run: Path, moment: dt.datetime | None) -> dict[str, str]:
    """Told on the command line: neither the former server's settings nor its doors are believed."""
    told = {
        "config_file": str(run / "conf"),
        "hba_file": str(run / "hba"),
        "ident_file": str(run / "conf"),
        "unix_socket_directories": str(run),
        "listen_addresses": "",
        "archive_mode": "off",
        "lc_messages": "C",  # read below
        "logging_collector": "off",
        "shared_preload_libraries": "",
        # Nobody asks anything before the end: no need of the former server's number of connections.
        "hot_standby": "off",
        # The journals are in place already.
        "restore_command": "false",
        "recovery_target_action": "promote",
        "max_connections": "20",
    }
    return told | ({"recovery_target_time": moment.isoformat(sep=" ")} if moment else {})


def _wait(run: Path, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        words = log.read_text("utf-8", errors="replace") if log.exists() else ""
        if "recovery ended before configured recovery target" in words:
            raise DomainError(
                "Les journaux sauvegardés s’arrêtent avant ce moment : demandez-en un plus ancien, ou le "
                "dernier en ne donnant pas --to.",
                code="journals_end",
            )
        if "database system is shut down" in words:
            raise DomainError(f"La base ne se restaure pas : {words.strip()[-600:]}.", code="not_restored")
        if "ready to accept connections" in words:
            return
        time.sleep(0.1)
    raise DomainError("La base ne finit pas de rejouer ses journaux.", code="not_restored")
