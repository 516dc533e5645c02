"""Jobs that carry their managing body, on Procrastinate: ids only in their arguments, never a name.

A job is asked by the name of its task: whoever asks does not know the code that will run it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from jalon.db.tenant import current_tenant, tenant
from jalon.organizations.queries import bodies

Row = TypeVar("Row", bound=Model)
TO_COME = ("todo", "doing")
# The lanes that are no destination: what calls nobody, and two services that are asked.
OURS, MAILBOXES, INSI = "default", "mailboxes", "insi"
TRIES = 6  # then a job fails for good: its waits (3 s, 9 s, 27 s…) made some eighteen minutes
BACKOFF = RetryStrategy(max_attempts=TRIES, exponential_wait=3)


class Job(StrEnum):
    """What may be asked. Each task (`tasks.py`) is handed `managing_body` and runs outside any transaction:
    it opens `tenant(managing_body)` to read, once more to write, and holds nothing during a network call.
    """

    BRING_IN = "jalon.exchange.tasks.bring_in"
    DELIVER = "jalon.exchange.tasks.deliver"
    FETCH = "jalon.exchange.tasks.fetch"
    LOOK_UP = "jalon.exchange.tasks.look_up"


def ask(
    job: Job,
    *,
    lane: str = OURS,
    schedule_in: dict[str, int] | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    **ids: str,
) -> int | None:
    """Ask for a job in the present tenant: its number; None when one waits under this queueing lock.

    `lane`: the service that it calls, whose slowness holds the slots of that lane alone.
    """
    body = current_tenant()
    if body is None:
        raise RuntimeError("a job is asked inside a tenant")
    deferrer = app.configure_task(
        job.value, queue=lane, schedule_in=schedule_in, lock=lock, queueing_lock=queueing_lock
    )
    try:
        with transaction.atomic():  # a savepoint: what the database refuses undoes this job alone
            return deferrer.defer(managing_body=str(body), **ids)
    except AlreadyEnqueued:
        return None


def deliver(delivery: Any, *, after: int = 0) -> None:
    """Ask for an attempt of this delivery, in so many seconds; one at a time."""
    later, alone = {"seconds": after} if after else None, str(delivery.pk)
    ask(Job.DELIVER, lane=delivery.destination, delivery_id=alone, lock=alone, schedule_in=later)


def fetch(establishment_id: Any) -> None:
    """Ask for a run of this mailbox: one under way and one that waits, never a queue of them."""
    alone = f"fetch {establishment_id}"
    ask(Job.FETCH, lane=MAILBOXES, establishment_id=str(establishment_id), lock=alone, queueing_lock=alone)


def look_up(look_up_id: Any) -> None:
    """Ask for the answer to this look-up; once, however often it is asked."""
    alone = str(look_up_id)
    ask(Job.LOOK_UP, lane=INSI, look_up_id=alone, lock=alone, queueing_lock=f"look up {alone}")


def bring_in(run_id: Any) -> None:
    """Ask for the files of this run; one at a time, once, however often it is asked."""
    alone = str(run_id)
    ask(Job.BRING_IN, run_id=alone, lock=alone, queueing_lock=f"bring in {alone}")


def without_job(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those whose identifier is the lock of no job that waits or runs."""
    to_come = ProcrastinateJob.objects.filter(lock=Cast(OuterRef("pk"), CharField()), status__in=TO_COME)
    return rows.filter(~Exists(to_come))


def failing_tasks() -> list[str]:
    """The periodic tasks whose last run failed, by name: what they do is not done any more."""
    return list(failing(periodic_tasks()).order_by("task_name").values_list("task_name", flat=True))


def failing(names: tuple[str, ...]) -> QuerySet[ProcrastinateJob]:
    """The last run of each of these tasks, when it failed."""
    ended = ProcrastinateJob.objects.filter(task_name__in=names, status__in=("succeeded", "failed"))
    last = ended.order_by("task_name", "-id").distinct("task_name")
    return ProcrastinateJob.objects.filter(pk__in=last.values("pk"), status="failed")


def periodic_tasks() -> tuple[str, ...]:
    """Their names."""
    return tuple(sorted(one.task.name for one in app.periodic_registry.periodic_tasks.values()))


def for_each_body(func: Callable[[], Any]) -> None:
    """Run a short piece of work in each managing body, one transaction each: one that fails stops no other.

    Raises ExceptionGroup of what failed, once all had their turn.
    """
    failed = []
    for body in bodies():
        try:
            with tenant(body):
                func()
        except Exception as error:  # told at the end, whatever it is
            failed.append(error)
    if failed:
        raise ExceptionGroup("some managing bodies failed", failed)
