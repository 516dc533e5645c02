"""What is told to whoever watches over the site: the base, the jobs, the destinations, the mailboxes."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from jalon.db.tenant import tenant
from jalon.exchange.jobs import INSI, MAILBOXES
from jalon.exchange.models import MailboxRound, Silence
from jalon.exchange.outbox.routes import routes
from jalon.organizations.queries import bodies

LATE = 300  # seconds after which a job that may run is late
QUEUES = """
select queue_name, count(*),
       greatest(0, coalesce(max(extract(epoch from now() - coalesce(scheduled_at, asked.at))), 0))::float,
       count(*) filter (where coalesce(scheduled_at, asked.at) < now() - %s * interval '1 second')
from procrastinate_jobs
left join lateral (select min(at) as at from procrastinate_events where job_id = procrastinate_jobs.id)
    as asked on true
where status = 'todo' group by 1 order by 1"""
WORKERS = "select min(extract(epoch from now() - last_heartbeat))::float from procrastinate_workers"


@dataclass(frozen=True)
class Queue:
    """What waits in a lane; `oldest`: seconds since the oldest job might have run."""

    lane: str
    waiting: int
    oldest: float
    late: int


def queues() -> list[Queue]:
    """The lanes where something waits."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUES, [LATE])
        return [Queue(*row) for row in cursor.fetchall()]


def heard() -> float | None:
    """Seconds since a worker last said that it lives; None when none is known."""
    with connection.cursor() as cursor:
        cursor.execute(WORKERS)
        seconds: float | None = cursor.fetchone()[0]
    return seconds


def silences() -> list[Silence]:
    """The destinations that failed at their last try."""
    return list(Silence.objects.order_by("pk"))


@dataclass(frozen=True)
class Service:
    """A service that is called: whether it answers, and what waits for it."""

    label: str
    silence: Silence | None
    queue: Queue


def services() -> list[Service]:
    """Every service, those that no longer answer first."""
    quiet = {one.pk: one for one in silences()}
    waiting = {one.lane: one for one in queues()}
    named = {INSI: "INSi", MAILBOXES: "Boîtes MSSanté"} | {name: one.label for name, one in routes().items()}
    found = [
        Service(label, quiet.get(lane), waiting.get(lane, Queue(lane, 0, 0, 0)))
        for lane, label in named.items()
    ]
    return sorted(found, key=lambda one: one.silence is None)


def rounds() -> Iterator[tuple[uuid.UUID, float, bool]]:
    """Each mailbox, by its house: when a round last succeeded (or began to fail), and whether rounds fail."""
    for body in bodies():
        with tenant(body):
            found = list(MailboxRound.objects.order_by("establishment_id"))
        for one in found:
            good = one.failing_since or one.ended_at
            yield one.establishment_id, good.timestamp(), one.failing_since is not None


def migrated() -> bool:
    """Has `jalon migrate` brought the base to where this code is?"""
    return _wanted() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _wanted() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).graph.leaf_nodes())


def let_go() -> None:
    """Close a connection that failed: the next question opens another."""
    connection.close()
