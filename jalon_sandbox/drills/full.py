"""The disk of PostgreSQL full, again and again, under somebody who writes and reads.

Rows that find no room are refused, whole; a journal that finds none stops the server, which its supervisor
starts again. No record is shown without its trace: once a trace finds no room, reading is a 503 too. What was
acknowledged is there each time, and nothing else is. The disk is small, in memory: mounting it takes root.
"""

import contextlib
import logging
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from jalon_sandbox.drills.disk import filled
from jalon_sandbox.drills.place import DATABASE, mortal
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.embedded_postgres import Server
from jalon_sandbox.server_place import place_of
from jalon_sandbox.supervisor import Part

SMALL: Final = "400m"
HEAVY: Final = 200_000  # characters of a note, of which PostgreSQL compresses nothing
TRIES: Final = 20  # notes that what was kept free inside the tables still takes
BACK: Final = 60.0  # seconds
MARK: Final = 22  # characters: « essai » and a number
ROWS, JOURNAL = "lignes", "journal"


@dataclass
class Desk:
    """Somebody who writes notes and reads a record; what was acknowledged, and what was cut on the way."""

    who: Any
    client: Any
    chance: random.Random
    acknowledged: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def writes(self, length: int = 100) -> int:
        """Write a note: 302, or what its page would answer."""
        from django.db import connection
        from django.test import RequestFactory

        from jalon.faces import errors

        mark = f"essai {self.chance.getrandbits(64):016x}"
        request: Any = RequestFactory().get("/", headers={"host": self.who.host})
        request.resolver_match = None
        try:
            self._note(mark + self.chance.randbytes(length // 2).hex())
        except Exception as error:  # whatever it is: the handler is called as Django calls it
            if not isinstance(error.__cause__, psycopg.errors.DiskFull):
                self.unsure.add(mark)
            connection.close()
            return errors.broken(request).status_code
        self.acknowledged.add(mark)
        return 302

    def _note(self, text: str) -> None:
        import uuid

        from django.utils import timezone

        from jalon.care.models import HandoverNote
        from jalon.db.tenant import tenant

        with tenant(self.who.body):
            note = HandoverNote.objects.filter(record__isnull=False).order_by("pk")[0]
            note.pk, note.text, note.written_at = uuid.uuid4(), text, timezone.now()
            note.save(force_insert=True)

    def reads(self) -> int:
        """What opening a record answers."""
        from django.db import connection
        from django.urls import reverse

        status = int(self.client.get(reverse("records:summary", args=[self.who.records[0]])).status_code)
        if status != 200:
            connection.close()
        return status


def drill(options: Options) -> Report:
    """20 times, or `size`, rows and journals by turns."""
    report, times = Report("full"), options.size or 20
    with small(options.data / "pg") as data, mortal(options.data) as (server, part):
        logging.getLogger("django.request").setLevel(logging.CRITICAL)  # each refusal would be a line
        desk = _staffed(options.seed)
        back = [once(desk, server, part, data, (ROWS, JOURNAL)[rank % 2], report) for rank in range(times)]
        judge(desk, server, DATABASE, report)
    report.figures |= {"times": times, "acknowledged": len(desk.acknowledged), "back": round(max(back), 1)}
    kept = len(desk.acknowledged)
    report.lines.append(f"{times} fois plein, {kept} notes acquittées, reprise en {max(back):.1f} s au plus")
    return report


@contextlib.contextmanager
def small(data: Path) -> Iterator[Path]:
    """A small disk where the server will keep its data. SystemExit for whoever may not mount one."""
    place = place_of(data)
    place.data.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=0700", "tmpfs", str(place.data)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603  of the machine
        raise SystemExit(
            "Cet exercice monte un petit disque : lancez-le en root, sur une machine qui le permet."
        )
    try:
        if place.user:
            shutil.chown(place.data, place.user.pw_uid, place.user.pw_gid)
        yield place.data
    finally:
        subprocess.run(["umount", "--lazy", str(place.data)], check=True)  # noqa: S603, S607  of the machine


def _staffed(seed: int) -> Desk:
    from django.utils import timezone

    from jalon_sandbox.demo.build import build
    from jalon_sandbox.demo.population import population

    build(population(timezone.localdate())[:60], timezone.now(), lambda _: None)
    return desk_of(seed)


def desk_of(seed: int) -> Desk:
    """Somebody of this base."""
    from django.test import Client

    from jalon_sandbox.bench.dossier import visitor

    who = visitor()
    client = Client(headers={"host": who.host}, raise_request_exception=False)
    name, _, value = who.cookie.partition("=")
    client.cookies[name] = value
    return Desk(who, client, random.Random(seed))  # noqa: S311  drawn again at will


def once(desk: Desk, server: Server, part: Part | None, data: Path, kind: str, report: Report) -> float:
    """Full until a note is refused, then room; seconds until one is taken again."""
    report.expect(desk.writes() == 302, f"{kind} : on n’écrit pas quand il y a de la place")
    with filled(data):
        statuses = [desk.writes(HEAVY)]
        while statuses[-1] == 302 and len(statuses) < TRIES:
            statuses.append(desk.writes(HEAVY))
        if kind == JOURNAL:
            with contextlib.suppress(psycopg.Error), server.connect() as superuser:
                superuser.execute("select pg_switch_wal()")
            statuses.append(desk.writes())
        report.expect(503 in statuses, f"{kind} : un disque plein n’est pas dit ({statuses[-1]})")
        report.expect(set(statuses) <= {302, 503}, f"{kind} : une page s’est cassée ({statuses})")
        report.expect(desk.reads() in (200, 503), f"{kind} : la lecture s’est cassée")
    began = time.monotonic()
    while desk.writes() != 302 and time.monotonic() - began < BACK:
        if part and part.gone():
            part.sweep()
            part.start()
        time.sleep(0.2)
    report.expect(desk.reads() == 200, f"{kind} : on ne lit plus quand il y a de la place")
    return time.monotonic() - began


def judge(desk: Desk, server: Server, database: str, report: Report) -> None:
    """What was acknowledged is there; what is there besides was cut before its answer."""
    with server.connect(database) as reader:
        rows = reader.execute("select text from care_handovernote where text like 'essai %'").fetchall()
    found = {text[:MARK] for (text,) in rows}
    lost, extra = desk.acknowledged - found, found - desk.acknowledged - desk.unsure
    report.expect(not lost, f"{len(lost)} notes acquittées sont perdues")
    report.expect(not extra, f"{len(extra)} notes refusées sont écrites")
