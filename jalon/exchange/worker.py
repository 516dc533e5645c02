"""The worker process: Procrastinate with heartbeats, and the rescue of jobs whose worker died."""

import asyncio

from procrastinate.contrib.django import app

HEARTBEAT = 10  # seconds
# Below the heartbeat, the rescue would retry a job that is still running (seen: it then ran twice).
STALLED_AFTER = 30


def run(
    *,
    concurrency: int = 4,
    heartbeat: float = HEARTBEAT,
    stalled_after: float = STALLED_AFTER,
    once: bool = False,
) -> None:
    """Work until asked to stop (SIGTERM, SIGINT); with `once`, until nothing waits."""
    asyncio.run(_work(concurrency, heartbeat, stalled_after, once))


async def _work(concurrency: int, heartbeat: float, stalled_after: float, once: bool) -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # of Django's connector
    with app.replace_connector(connector) as jobs:
        async with jobs.open_async():
            await jobs.run_worker_async(
                concurrency=concurrency,
                wait=not once,
                update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=stalled_after,
            )
