"""A DELETE that nobody wanted: the base and its documents as they were the second before.

The server is a throw-away one and writes go on; `jalon backup --follow` runs beside, as on a site. Each trial
writes, notes what every table and every document is, destroys, and restores to the moment in between.
"""

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from jalon_sandbox.drills.place import DATABASE, served
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.embedded_postgres import SUPERUSER, Server
from jalon_sandbox.load.place import JALON
from jalon_sandbox.server_place import Place, forget, place_of

TRIALS: Final = 20
WRITTEN: Final = 25  # documents of each trial
DESTROYED: Final = ("documents_document", "people_vigilance", "exchange_delivery", "people_contact")
RECEIVED: Final = (
    "select bool_and(flush_lsn >= %s) from pg_stat_replication where application_name = 'pg_receivewal'"
)
POINT: Final = 60.0  # seconds that may be lost: the recovery point promised
PATIENCE: Final = 60

Tables = dict[str, tuple[int, int]]
Files = dict[str, str]


@dataclass(frozen=True)
class State:
    """What everything was at a moment: each table's fingerprint, each document's."""

    at: dt.datetime
    tables: Tables
    files: Files


@dataclass
class Times:
    """Seconds: until a commit was in the backup, and until the base was back and checked."""

    received: list[float] = field(default_factory=list)
    restored: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """The server, whose rows in which database, and where backups and restorings go."""

    server: Server
    database: str
    body: uuid.UUID
    folder: Path

    @property
    def kept(self) -> Path:
        return self.folder / "kept"

    @property
    def files(self) -> Path:
        from django.conf import settings

        return Path(settings.MEDIA_ROOT)

    @property
    def place(self) -> Place:
        """Where bases are restored: the server's user can go there."""
        return place_of(self.folder / "back")


def drill(options: Options) -> Report:
    """20 restorings, or `size`, on a throw-away server."""
    with served(options.data) as (server, _):
        from django.utils import timezone

        from jalon_sandbox.demo.build import build
        from jalon_sandbox.demo.population import population

        body = build(population(timezone.localdate()), timezone.now(), lambda _: None).pk
        folder = options.data / f"restore-{uuid.uuid4().hex[:8]}"
        return campaign(Site(server, DATABASE, body, folder), options.size or TRIALS)


def campaign(site: Site, trials: int) -> Report:
    """Follow the server, and destroy and restore as often as said."""
    report, times = Report("restore"), Times()
    try:
        with followed(site):
            subprocess.run(_backup(site), check=True, env=_told(site), stdout=subprocess.DEVNULL)  # noqa: S603  our own command
            for number in range(trials):
                _trial(site, number, report, times)
    finally:
        forget(site.folder / "back")
        shutil.rmtree(site.folder, ignore_errors=True)
    lost, back = max(times.received), max(times.restored)
    report.figures |= {"trials": trials, "rpo_s": round(lost, 2), "rto_s": round(back, 2)}
    report.expect(lost <= POINT, "ce qui est écrit met plus d’une minute à être sauvegardé")
    report.lines = [
        f"{trials} restaurations à la seconde d’avant un DELETE : "
        f"au plus {lost:.2f} s perdues si la base brûlait, {back:.1f} s pour revenir"
    ]
    return report


def _trial(site: Site, number: int, report: Report, times: Times) -> None:
    from jalon.operations.kept import Kept
    from jalon.operations.programs import Programs
    from jalon.operations.restore import Names, restore

    write(site.body, f"essai {number}")
    before = state(site)
    times.received.append(_received(site, before))
    time.sleep(1)  # the second before
    _destroy(site)
    _received(site, before)
    place = site.place
    programs, into = Programs(place.programs, place.user), place.data / str(number)
    names = Names(site.database, "jalon_backup")
    outcome = restore(Kept(site.kept), into, programs, names, moment=before.at)
    times.restored.append(outcome.seconds)
    for fault in outcome.found.faults:
        report.expect(False, f"essai {number} : {fault}")
    _compare(report, number, before, _restored(site, outcome.restored, programs))
    shutil.rmtree(outcome.restored.folder)


def write(body: uuid.UUID, mark: str) -> None:
    """Documents of a record, each with bytes of its own, and a note beside each."""
    from django.utils import timezone

    from jalon.care.models import HandoverNote
    from jalon.db.tenant import tenant
    from jalon.documents.models import Document
    from jalon.documents.storage import store
    from jalon.records.models import Record

    with tenant(body):
        record = Record.objects.order_by("pk")[0]
        former = HandoverNote.objects.filter(record__isnull=False).order_by("pk")[0]
        for number in range(WRITTEN):
            data, now = f"{mark}, document {number}".encode() * 500, timezone.now()
            mark_of = uuid.uuid4().hex
            Document.objects.create(
                record=record,
                source=Document.Source.RECEIVED,
                type_code="34112-3",
                title=f"{mark}, {number}",
                written_at=now,
                media_type="text/plain",
                sha256=store(data),
                size=len(data),
                unique_id=mark_of,
                set_id=mark_of,
            )
            former.pk, former.text, former.written_at = uuid.uuid4(), f"{mark}, note {number}", now
            former.save(force_insert=True)


def state(site: Site) -> State:
    """What everything is now, by the server's own clock."""
    from jalon.operations.integrity import prints, references

    with site.server.connect(site.database) as reader:
        tables, files = prints(reader), _hashes(site.files, references(reader))
        ((at,),) = reader.execute("select clock_timestamp()").fetchall()
    return State(at, tables, files)


def _restored(site: Site, restored: Any, programs: Any) -> State:
    """What the restored base is, once started again without any journal to play."""
    from jalon.operations.integrity import prints, references
    from jalon.operations.restoring import recovered

    with recovered(restored, programs, None) as door, door.connect(site.database, SUPERUSER) as reader:
        return State(dt.datetime.now(dt.UTC), prints(reader), _hashes(restored.files, references(reader)))


def _hashes(files: Path, names: Iterator[str]) -> Files:
    return {name: hashlib.sha256((files / name).read_bytes()).hexdigest() for name in names}


def _compare(report: Report, number: int, before: State, after: State) -> None:
    different = [name for name, told in before.tables.items() if after.tables.get(name) != told]
    report.expect(not different, f"essai {number} : tables différentes : {', '.join(different)}")
    report.expect(after.tables.keys() == before.tables.keys(), f"essai {number} : d’autres tables")
    report.expect(after.files == before.files, f"essai {number} : des documents diffèrent")


def _destroy(site: Site) -> None:
    """What no screen can do: rows gone, without history nor key to stop it."""
    with site.server.connect(site.database) as superuser:
        superuser.execute("set session_replication_role = replica")
        for table in DESTROYED:
            superuser.execute(psycopg.sql.SQL("delete from {}").format(psycopg.sql.Identifier(table)))


def _received(site: Site, written: State) -> float:
    """Seconds until everything committed so far, and every document of that state, is in the backup."""
    started, missing = time.monotonic(), set(written.files)
    with site.server.connect() as superuser:
        ((lsn,),) = superuser.execute("select pg_current_wal_flush_lsn()").fetchall()
        while time.monotonic() < started + PATIENCE:
            missing = {name for name in missing if not (site.kept / "files" / name).exists()}
            if not missing and superuser.execute(RECEIVED, [lsn]).fetchone() == (True,):
                return time.monotonic() - started
            time.sleep(0.01)
    raise SystemExit("Les journaux n’arrivent pas à la sauvegarde.")


def _backup(site: Site) -> list[str]:
    return [JALON, "backup", "--folder", str(site.kept)]


def _told(site: Site) -> dict[str, str]:
    return {**os.environ, "JALON_PG_BIN": str(site.place.programs), "JALON_FILES": str(site.files)}


@contextlib.contextmanager
def followed(site: Site) -> Iterator[None]:
    """`jalon backup --follow`, as a supervisor keeps it; the server keeps no journal for it afterwards."""
    from jalon.operations.backup import SLOT

    process = subprocess.Popen([*_backup(site), "--follow"], env=_told(site))  # noqa: S603  our own command
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
        with site.server.connect() as superuser:
            superuser.execute(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s",
                [SLOT],
            )
