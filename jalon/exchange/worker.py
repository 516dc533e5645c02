"""The worker process: Procrastinate with heartbeats, which outlives its database and stops within a bound.

It works in *lanes*, one a service: a service that is slow holds the slots of its own lane, and of no other.
When the database is restarted, killed or replaced, or when another worker took this one for dead (a paused
machine), every lane ends, and all begin again under a new registration. What was under way is given back by
the rescue, and each sending then asks what became of its last attempt.
"""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from django.db import close_old_connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from jalon.exchange.jobs import INSI, MAILBOXES, OURS
from jalon.exchange.outbox.routes import routes

log = structlog.get_logger()
HEARTBEAT = 10  # seconds
# Below the heartbeat, the rescue would retry a job that is still running (seen: it then ran twice).
STALLED_AFTER = 30
DRAIN = 45.0
"""Seconds given to what is under way when the worker is asked to stop: more than a service takes."""
LONGEST_PAUSE = 15.0  # seconds between two tries to come back


class LaneEnded(Exception):  # noqa: N818  a lane that ends unasked: its listener or its heartbeat failed
    """A lane stopped by itself: Procrastinate says why in the log, and does not raise."""


@dataclass(frozen=True)
class Pace:
    """How many jobs a lane runs at once, and how often a worker says that it lives."""

    concurrency: int
    heartbeat: float
    stalled_after: float


def lanes() -> tuple[str, ...]:
    """What calls nobody, what is asked of a service, and each destination."""
    return (OURS, INSI, MAILBOXES, *routes())


def run(
    *,
    concurrency: int = 4,
    heartbeat: float = HEARTBEAT,
    stalled_after: float = STALLED_AFTER,
    once: bool = False,
) -> None:
    """Work until asked to stop (SIGTERM, SIGINT); with `once`, until nothing waits."""
    pace = Pace(concurrency, heartbeat, stalled_after)
    if asyncio.run(_once(pace) if once else _stay(pace)):
        os._exit(0)  # threads that wait for a service hold the end of the process: they are let go


async def _once(pace: Pace) -> bool:
    """One turn, all lanes together."""
    async with _jobs() as jobs:
        await _lane(jobs, pace, None, once=True)
    return False


async def _stay(pace: Pace) -> bool:
    """Turns until asked to stop; was something still under way at the end of the time given to it?"""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.set_default_executor(ThreadPoolExecutor(pace.concurrency * len(lanes()), "job"))
    asked, pause = asyncio.ensure_future(stop.wait()), 1.0
    while not stop.is_set():
        began, turn = loop.time(), asyncio.ensure_future(_turn(pace))
        await asyncio.wait({turn, asked}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            return not await _ended(turn)
        _told(turn)
        pause = 1.0 if loop.time() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        await asyncio.wait({asked}, timeout=pause * random.uniform(0.5, 1))  # noqa: S311  workers apart
    return False


async def _ended(turn: "asyncio.Future[None]") -> bool:
    """Did the turn end in time? Its lanes take no new job, and what is under way is awaited."""
    turn.cancel()
    await asyncio.wait({turn}, timeout=DRAIN)
    if not turn.done():
        log.warning("worker_stopped_while_working")
    return turn.done()


def _told(turn: "asyncio.Future[None]") -> None:
    """Why the turn ended, in the log; what the database has no part in is raised: our bug."""
    error = turn.exception()
    if error is None or _of_the_database(error):
        log.warning("worker_begins_again", error=type(error).__name__)
        return
    raise error


def _of_the_database(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_of_the_database(one) for one in error.exceptions)
    return isinstance(error, ConnectorException | psycopg.Error | LaneEnded)


async def _turn(pace: Pace) -> None:
    """Every lane at once: one that ends ends them all."""
    async with _jobs() as jobs, asyncio.TaskGroup() as together:
        for queue in lanes():
            together.create_task(_lane(jobs, pace, [queue]))


@contextlib.asynccontextmanager
async def _jobs() -> AsyncIterator[Any]:
    """Procrastinate, opened on a connection of the worker's own."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # of Django's connector
    with app.replace_connector(connector) as jobs:
        async with jobs.open_async():
            yield jobs


async def _lane(jobs: Any, pace: Pace, queues: list[str] | None, *, once: bool = False) -> None:
    await jobs.run_worker_async(
        queues=queues,
        name=queues[0] if queues else "once",
        concurrency=pace.concurrency,
        wait=not once,
        install_signal_handlers=False,
        update_heartbeat_interval=pace.heartbeat,
        stalled_worker_timeout=pace.stalled_after,
        task_middleware=[_on_a_live_connection],
    )
    if not once:
        raise LaneEnded


def _on_a_live_connection(job: Any, *_: Any) -> Any:
    """The connection of a thread is tried before a job takes it: the database may have been restarted."""
    close_old_connections()
    return job()
