"""Taking a backup: a base now and then, the database's journals and the documents all the time.

`pg_receivewal` reads the journals as they are written, from any machine, without a setting of the server
beyond a role that may replicate; a slot keeps what it has not yet read.
"""

import datetime as dt
import io
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import psycopg
import structlog

from jalon.core.errors import DomainError
from jalon.db.trouble import OutOfReach
from jalon.operations.kept import Kept, name_at
from jalon.operations.programs import Programs

log = structlog.get_logger()
SLOT: Final = "jalon_backup"
LISTED: Final = 60.0
"""Seconds between two lists of a store of documents."""
PERIOD: Final = 2.0
"""Seconds between two looks at the documents: the most that a fire takes of them."""
FRESH: Final = 2.0
"""Seconds during which a folder may have changed again without its date saying so."""
SIZE = (
    "select sum(pg_database_size(datname)) from pg_database where has_database_privilege(datname, 'connect')"
)


@dataclass(frozen=True)
class Source:
    """What is backed up: a database, as the role that reads everything, and the files beside it."""

    conninfo: str
    files: Path
    seals: Path
    told: Mapping[str, str]  # the password, never an argument that others could read
    bucket: Any = None  # the store of the documents, when they are not in a folder

    def mirror(self, kept: Kept) -> "Mirror | Collected":
        """What copies the documents, wherever they are."""
        return Collected(self.bucket, kept.files) if self.bucket else Mirror(self.files, kept.files)

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.conninfo, password=self.told.get("PGPASSWORD"), autocommit=True)


@dataclass
class Mirror:
    """A copy of a folder of documents, which are written once and never changed."""

    source: Path
    to: Path
    _seen: dict[Path, int] = field(default_factory=dict)

    def copy(self) -> int:
        """Copy what is missing; how many files. A folder that did not change is not read again."""
        if not self.source.exists():
            return 0
        folders = [folder for body in _folders(self.source) for folder in _folders(body)]
        return sum(self._folder(folder) for folder in folders if self._changed(folder))

    def _changed(self, folder: Path) -> bool:
        stamp = folder.stat().st_mtime_ns
        changed = self._seen.get(folder) != stamp
        if time.time_ns() - stamp > FRESH * 1e9:
            self._seen[folder] = stamp
        return changed

    def _folder(self, folder: Path) -> int:
        to = self.to / folder.relative_to(self.source)
        to.mkdir(parents=True, mode=0o700, exist_ok=True)
        # A hidden name is a file that is still being written.
        missing = [path for path in folder.glob("[!.]*") if not (to / path.name).exists()]
        for path in missing:
            copied(path, to / path.name)
        return len(missing)


@dataclass
class Collected:
    """A copy of a store of documents, listed from time to time: a store tells no change."""

    bucket: Any
    to: Path
    _listed: float = float("-inf")

    def copy(self) -> int:
        """Copy what is missing, as it is at rest; how many files. Raises OutOfReach."""
        if time.monotonic() < self._listed + LISTED:
            return 0
        missing = [name for name in self.bucket.names() if not (self.to / name).exists()]
        for name in missing:
            if not name.startswith("."):
                place = self.to / name
                place.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
                written(io.BytesIO(self.bucket.raw(name)), place)
        self._listed = time.monotonic()
        return len(missing)


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]


def copied(source: Path, to: Path) -> None:
    """Copy a file whole or not at all, and not before it is on the disk."""
    with source.open("rb") as read:
        written(read, to)


def written(source: IO[bytes], to: Path) -> None:
    """Write what is read there, whole or not at all."""
    beside = to.with_name(f".{to.name}.part")
    with beside.open("wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(to)


def take(source: Source, kept: Kept, programs: Programs, *, keep: int = 7) -> str:
    """A base, verified by its own manifest, and the documents after it; its name. Older ones go.

    The documents come second: one is written before the row that names it.
    """
    kept.open()
    _room(source, kept)
    part = kept.place("part")
    shutil.rmtree(part, ignore_errors=True)  # of a backup that was cut
    arguments = ("--pgdata", str(part), "--checkpoint=fast", "--wal-method=stream", "--no-password")
    programs.run("pg_basebackup", "--dbname", source.conninfo, *arguments, told=source.told)
    programs.run("pg_verifybackup", "--quiet", str(part))
    try:
        source.mirror(kept).copy()
    except OutOfReach as error:
        raise DomainError(
            "Le stockage des documents ne répond pas : la sauvegarde n’est pas prise.", code="no_documents"
        ) from error
    if source.seals.exists():
        copied(source.seals, kept.seals)
    now = dt.datetime.now(dt.UTC)
    time.sleep(1 - now.microsecond / 1e6)  # a name says a second, and the base is whole before it
    name = name_at(now + dt.timedelta(seconds=1))
    part.rename(kept.place(name))
    _forget(kept, programs, keep)
    return name


def _room(source: Source, kept: Kept) -> None:
    with source.connect() as connection:
        row = connection.execute(SIZE).fetchone()
    needed, free = int(row[0] if row else 0), shutil.disk_usage(kept.folder).free
    if needed > free:
        raise DomainError(
            f"Il manque de la place dans {kept.folder} : {needed >> 20} Mo demandés, {free >> 20} Mo libres.",
            code="no_room",
        )


def _forget(kept: Kept, programs: Programs, keep: int) -> None:
    """Drop the oldest bases, and the journals that only they needed."""
    bases = kept.bases()
    for name in bases[:-keep]:
        shutil.rmtree(kept.place(name))
    label = (kept.place(kept.bases()[0]) / "backup_label").read_text("utf-8")
    first = label.partition("(file ")[2].partition(")")[0]
    programs.run("pg_archivecleanup", str(kept.wal), first)


def followed(source: Source) -> bool:
    """Whether somebody reads the journals at this moment."""
    with source.connect() as connection:
        found = connection.execute(
            "select active from pg_replication_slots where slot_name = %s", [SLOT]
        ).fetchone()
    return bool(found and found[0])


def follow(source: Source, kept: Kept, programs: Programs, goes_on: Callable[[], bool]) -> None:
    """Receive the journals and copy the documents until `goes_on` says no.

    Raises DomainError when the reader of the journals stops.
    """
    kept.open()
    place = ("--dbname", source.conninfo, "--slot", SLOT, "--no-password")
    programs.run("pg_receivewal", *place, "--create-slot", "--if-not-exists", told=source.told)
    command = [str(programs.folder / "pg_receivewal"), *place, "--directory", str(kept.wal), "--synchronous"]
    reader = subprocess.Popen(command, env={**os.environ, **source.told}, cwd="/")  # noqa: S603  PostgreSQL's
    mirror = source.mirror(kept)
    try:
        while goes_on():
            try:
                mirror.copy()
            except OutOfReach as error:  # the journals are received all the same
                log.warning("documents_not_copied", error=str(error))
            if source.seals.exists():
                copied(source.seals, kept.seals)
            if reader.poll() is not None:
                raise DomainError("pg_receivewal s’est arrêté.", code="program_failed")
            time.sleep(PERIOD)
    finally:
        reader.send_signal(signal.SIGINT)
        reader.wait()
