"""Work of the exchanges, outside the requests."""

import datetime as dt
import uuid

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from jalon.core.errors import Rejected, Unreachable
from jalon.db.tenant import tenant
from jalon.exchange import receiving, sending
from jalon.exchange.jobs import tenant_task
from jalon.exchange.worker import STALLED_AFTER
from jalon.organizations.models import Establishment, ManagingBody

log = structlog.get_logger()


@tenant_task()
def deliver(*, managing_body: str, delivery_id: str) -> None:
    """One attempt of a delivery; it comes back by a new job, under the same lock, when it is not over."""
    again_in = sending.run(managing_body, delivery_id)
    if again_in is not None:
        with tenant(managing_body):
            deliver.request(delivery_id=delivery_id, lock=delivery_id, schedule_in={"seconds": again_in})


@app.periodic(cron="*/1 * * * *")
@app.task(name="exchange.rescue", queueing_lock="exchange.rescue", pass_context=True)
async def rescue(context: object, timestamp: int) -> None:
    """Give back the jobs whose worker died: each send then asks what became of its last attempt."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await app.job_manager.retry_job(job, dt.datetime.now(dt.UTC))


@app.periodic(cron="* * * * *")
@app.task(name="exchange.fetch_all", queueing_lock="exchange.fetch_all")
def fetch_all(timestamp: int) -> None:
    """Every minute, one job a mailbox: an operator that is slow or down delays nobody else's messages."""
    for body in ManagingBody.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(body):
            for house in Establishment.objects.exclude(mailbox="").values_list("pk", flat=True):
                fetch.request(establishment_id=str(house), lock=f"fetch {house}")


@tenant_task()
def fetch(*, managing_body: str, establishment_id: str) -> None:
    """Fetch one mailbox. A service that does not answer is asked again next minute."""
    try:
        receiving.fetch(uuid.UUID(managing_body), uuid.UUID(establishment_id), timezone.now())
    except (Unreachable, Rejected) as failure:
        log.warning("mailbox_not_fetched", establishment=establishment_id, error=type(failure).__name__)
