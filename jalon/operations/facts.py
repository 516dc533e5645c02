"""What whoever runs the site has to know of it: versions, jobs, certificates, disks, the last proof.

Of the whole machine, and without a name: identifiers of tasks, numbers, dates.
"""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from jalon.operations.kept import Kept, Proof

LATE: Final = dt.timedelta(minutes=10)
"""A job that is due since longer waits for a worker that does not come."""
SOON: Final = dt.timedelta(days=30)
"""The time that it takes to get another certificate."""
STALE: Final = dt.timedelta(days=31)
"""A proof older than a month is none: the manual asks for one each month."""
FULL: Final = 0.1
"""The free share of a disk below which somebody must make room."""
CERTIFICATES: Final = {
    "SERVICES_CERTIFICATE": "TLS de la structure",
    "INSI_CERTIFICATE": "TLS pour INSi",
    "SIGNATURE_CERTIFICATE": "Signature",
}


@dataclass(frozen=True)
class Queue:
    """The jobs of one task: to come, late, being done, failed; since when the oldest late one is there."""

    task: str
    waiting: int
    late: int
    doing: int
    failed: int
    oldest: dt.datetime | None


@dataclass(frozen=True)
class Certificate:
    """A certificate of the structure; `ends` is None when its file cannot be read."""

    label: str
    ends: dt.datetime | None
    soon: bool


@dataclass(frozen=True)
class Disk:
    """A folder, and the room that is left where it is (bytes)."""

    label: str
    free: int
    total: int

    @property
    def short(self) -> bool:
        return self.free < FULL * self.total


def queues(now: dt.datetime) -> list[Queue]:
    """The jobs to come or failed, by task; what is done is not counted. One query."""
    due = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=now))
    late = due & (
        Q(scheduled_at__lte=now - LATE) | Q(scheduled_at=None, procrastinateevent__at__lte=now - LATE)
    )
    rows: Any = (
        ProcrastinateJob.objects.filter(status__in=("todo", "doing", "failed"))
        .values("task_name")
        .annotate(
            waiting=Count("pk", filter=Q(status="todo"), distinct=True),
            late=Count("pk", filter=late, distinct=True),
            doing=Count("pk", filter=Q(status="doing"), distinct=True),
            failed=Count("pk", filter=Q(status="failed"), distinct=True),
            oldest=Min("procrastinateevent__at", filter=late),
        )
        .order_by("task_name")
    )
    return [
        Queue(row["task_name"], row["waiting"], row["late"], row["doing"], row["failed"], row["oldest"])
        for row in rows
    ]


def certificates(now: dt.datetime) -> list[Certificate]:
    """Those that the settings name, the first to end first."""
    named = ((label, getattr(settings, name)) for name, label in CERTIFICATES.items())
    found = [_certificate(label, Path(path), now) for label, path in named if path]
    return sorted(found, key=lambda one: one.ends or now)


def _certificate(label: str, path: Path, now: dt.datetime) -> Certificate:
    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return Certificate(label, None, soon=True)
    return Certificate(label, ends, soon=ends < now + SOON)


def disks() -> list[Disk]:
    """The folders of this machine that fill: documents and backups, when they are there."""
    folders = {
        "Documents": "" if settings.S3_BUCKET else settings.MEDIA_ROOT, "Sauvegardes": settings.BACKUPS,
    }  # fmt: skip
    return [_disk(label, Path(folder)) for label, folder in folders.items() if folder]


def _disk(label: str, folder: Path) -> Disk:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Disk(label, usage.free, usage.total)


def proof() -> Proof | None:
    """The last backup that was restored and checked, or None when the folder of backups does not tell."""
    try:
        return Kept(Path(settings.BACKUPS)).proved() if settings.BACKUPS else None
    except PermissionError:
        return None


def stale(found: Proof | None, now: dt.datetime) -> bool:
    """Whether nobody can say that the site would come back."""
    return found is None or found.at < now - STALE


def server_version() -> str:
    """PostgreSQL's own."""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        return str(cursor.fetchone()[0])
