"""The disk of the documents full, again and again, under people who sign and read: all or nothing, then all.

As root the disk is a small one of its own, in memory; for anybody else, a limit on the size of files.
"""

import contextlib
import logging
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.report import Options, Report

SMALL: Final = "2m"
FULL, DONE, READ = 503, 302, 200
PEOPLE = 60


def drill(options: Options) -> Report:
    """20 times, or `size`: full, refused whole, read all the same; then room, and done."""
    times, chance = options.size or 20, random.Random(options.seed)  # noqa: S311  drawn again at will
    with served(options.data), disk(options.data / "small") as full:
        from django.conf import settings

        settings.MEDIA_ROOT = str(options.data / "small")
        logging.getLogger("django.request").setLevel(logging.CRITICAL)  # each refusal would be a line
        desk, report = Desk(), Report("disk")
        for _ in range(times):
            one(desk, full, chance, report)
        report.figures |= {"times": times, "signed": desk.rows(), "back": round(desk.slowest, 2)}
        report.expect(desk.rows() == times, f"{desk.rows()} documents au lieu de {times}")
        report.lines.append(f"{times} fois plein, reprise en {desk.slowest:.2f} s au plus")
    return report


class Desk:
    """Somebody who signs, and reads."""

    def __init__(self) -> None:
        from django.test import Client
        from django.utils import timezone

        from jalon_sandbox.bench.dossier import visitor
        from jalon_sandbox.demo.build import build
        from jalon_sandbox.demo.population import population

        build(population(timezone.localdate())[:PEOPLE], timezone.now(), lambda _: None)
        self.who, self.slowest = visitor(), 0.0
        name, _, value = self.who.cookie.partition("=")
        self.client = Client(headers={"host": self.who.host}, raise_request_exception=False)
        self.client.cookies[name] = value
        self.known = self._all()

    def reads(self) -> int:
        """What opening a record answers."""
        from django.urls import reverse

        return int(self.client.get(reverse("records:summary", args=[self.who.records[0]])).status_code)

    def keeps(self, data: bytes) -> int:
        """File these bytes as a document, as a page does: what it answers when that fails."""
        from django.test import RequestFactory

        from jalon.faces import errors

        request: Any = RequestFactory().get("/", headers={"host": self.who.host})
        request.resolver_match = None
        try:
            self._file(data)
        except OSError:
            return errors.broken(request).status_code
        return DONE

    def _file(self, data: bytes) -> None:
        from django.utils import timezone
        from uuid_utils.compat import uuid7

        from jalon.db.tenant import tenant
        from jalon.documents.models import Document
        from jalon.documents.storage import store
        from jalon.exchange.compose.identifiers import oid

        with tenant(self.who.body):
            unique = oid(uuid7())
            Document.objects.create(
                record_id=self.who.records[0], source=Document.Source.OWN, type_code="", title="Essai",
                written_at=timezone.now(), media_type="text/plain", unique_id=unique, set_id=unique,
                size=len(data), sha256=store(data),
            )  # fmt: skip

    def rows(self) -> int:
        """How many documents were kept since the beginning."""
        return self._all() - self.known

    def _all(self) -> int:
        from jalon.db.tenant import tenant
        from jalon.documents.models import Document

        with tenant(self.who.body):
            return Document.objects.count()


def one(desk: Desk, full: Any, chance: random.Random, report: Report) -> None:
    """Full: refused whole, and read; then room: done at once."""
    data, before = chance.randbytes(chance.randint(40_000, 80_000)), desk.rows()
    with full():
        report.expect(desk.keeps(data) == FULL, "un disque plein ne répond pas 503")
        report.expect(desk.reads() == READ, "on ne lit plus quand le disque des documents est plein")
        report.expect(desk.rows() == before, "un document refusé a laissé sa ligne")
    report.expect(not list(_hidden()), "un fichier partiel est resté")
    began = time.monotonic()
    report.expect(desk.keeps(data) == DONE, "rien ne reprend quand il y a de la place")
    desk.slowest = max(desk.slowest, time.monotonic() - began)


def _hidden() -> Iterator[Path]:
    from django.conf import settings

    return (one for one in Path(settings.MEDIA_ROOT).rglob(".*") if one.is_file())


@contextlib.contextmanager
def disk(place: Path) -> Iterator[Any]:
    """A disk there; what it gives fills it for as long as a block lasts."""
    place.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=0700", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603  of the machine
        yield limited
        return
    try:
        yield lambda: filled(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607  of the machine


@contextlib.contextmanager
def filled(place: Path) -> Iterator[None]:
    """Not a byte left, until the block ends."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """No file of this process may grow, until the block ends."""
    former, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, handler)
