"""Work of the exchanges, outside the requests."""

import datetime as dt

from procrastinate.contrib.django import app

from jalon.exchange.worker import STALLED_AFTER


@app.periodic(cron="*/1 * * * *")
@app.task(name="exchange.rescue", queueing_lock="exchange.rescue", pass_context=True)
async def rescue(context: object, timestamp: int) -> None:
    """Give back to the queue the jobs whose worker died: each send then asks what became of its last attempt."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await app.job_manager.retry_job(job, dt.datetime.now(dt.UTC))
