"""Work of the exchanges, outside the requests."""

import datetime as dt
import uuid

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Queued
from procrastinate.jobs import Status

from jalon.core.errors import GatewayError
from jalon.db.tenant import tenant
from jalon.exchange import jobs
from jalon.exchange.identity import answering, asking
from jalon.exchange.inbox import fetching
from jalon.exchange.jobs import BACKOFF, TRIES, Job, for_each_body
from jalon.exchange.models import Delivery
from jalon.exchange.outbox import orphans, sending
from jalon.exchange.transfer import runs, undoing
from jalon.exchange.worker import STALLED_AFTER
from jalon.organizations.models import Establishment

log = structlog.get_logger()
SUCCEEDED_KEPT, FAILED_KEPT = 7 * 24, 90 * 24  # hours


@app.task(name=Job.DELIVER.value, retry=BACKOFF)
def deliver(*, managing_body: str, delivery_id: str) -> None:
    """One attempt of a delivery; it comes back by a new job, under the same lock, when it is not over.

    An error that nobody foresaw is tried again, more and more slowly: each try first asks what became of the
    one before. After the last one, `adopt` shows the delivery to a person.
    """
    again_in = sending.run(managing_body, delivery_id)
    if again_in is not None:
        with tenant(managing_body):
            jobs.deliver(Delivery.objects.get(pk=delivery_id), after=again_in)


@app.task(name=Job.LOOK_UP.value, retry=BACKOFF)
def look_up(*, managing_body: str, look_up_id: str) -> None:
    """Ask INSi, once: a service that does not answer is told to whoever asked, who asks again."""
    answering.answer(managing_body, look_up_id)


@app.task(name=Job.BRING_IN.value, retry=BACKOFF)
def bring_in(*, managing_body: str, run_id: str) -> None:
    """The files of a run that wait, to come in or to be taken back: a worker that dies leaves them as they
    were, for the next one."""
    runs.go_on(uuid.UUID(managing_body), uuid.UUID(run_id), timezone.now())
    undoing.take_back(uuid.UUID(managing_body), uuid.UUID(run_id))


@app.periodic(cron="*/1 * * * *")
@app.task(name="exchange.rescue", queueing_lock="exchange.rescue", pass_context=True)
async def rescue(context: object, timestamp: int) -> None:
    """Give back the jobs whose worker died: each send then asks what became of its last attempt.

    A job that saw as many workers die as it may be tried is what kills them: it fails, and is not given back.
    """
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        try:
            await _give_back(job)
        except ConnectorException:  # ended meanwhile: the others do not wait
            log.warning("job_not_rescued", job=job.id, task=job.task_name)


async def _give_back(job: Queued) -> None:
    """Queue it once more. Where another waits already under its queueing lock, that one does the work.

    The dead one then ends, for it holds the lock that the other waits for.
    """
    try:
        if job.attempts < TRIES:
            await app.job_manager.retry_job(job, dt.datetime.now(dt.UTC))
            return
    except ConnectorException:
        if not job.queueing_lock:
            raise
    await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)


@app.periodic(cron="*/5 * * * *")
@app.task(name="exchange.adopt", queueing_lock="exchange.adopt")
def adopt(timestamp: int) -> None:
    """What no job will take up any more: a delivery gets one or is shown, a look-up has failed."""
    for_each_body(_adopt)


def _adopt() -> None:
    for delivery in orphans.settle(timezone.now()):
        jobs.deliver(delivery)
    asking.settle(timezone.now())
    for run_id in runs.left():
        jobs.bring_in(run_id)


@app.periodic(cron="15 3 * * *")
@app.task(name="exchange.purge", queueing_lock="exchange.purge")
async def purge(timestamp: int) -> None:
    """Each night, forget the jobs that ended: what they did is told by the deliveries and the receptions.

    Those that failed stay longer, for whoever looks for the reason; `adopt` has long settled what they left.
    """
    await app.job_manager.delete_old_jobs(SUCCEEDED_KEPT)
    await app.job_manager.delete_old_jobs(
        FAILED_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="* * * * *")
@app.task(name="exchange.fetch_all", queueing_lock="exchange.fetch_all")
def fetch_all(timestamp: int) -> None:
    """Every minute, one job a mailbox: an operator that is slow or down delays nobody else's messages.

    A mailbox that takes longer than a minute has one job under way and one that waits, never a queue of them.
    """
    for_each_body(_fetch_each)


def _fetch_each() -> None:
    for house in Establishment.objects.exclude(mailbox="").values_list("pk", flat=True):
        jobs.fetch(house)


@app.task(name=Job.FETCH.value)
def fetch(*, managing_body: str, establishment_id: str) -> None:
    """Fetch one mailbox, some messages a job. A service that does not answer is asked again next minute."""
    try:
        count = fetching.fetch(uuid.UUID(managing_body), uuid.UUID(establishment_id), timezone.now())
    except GatewayError as failure:
        log.warning("mailbox_not_fetched", establishment=establishment_id, error=type(failure).__name__)
        return
    if count == fetching.BATCH:
        with tenant(managing_body):
            jobs.fetch(establishment_id)
