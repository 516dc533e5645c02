"""Who kills the worker, when, and who starts it again, until everything asked for has an end."""

import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

import psycopg

AT_A_MOMENT = ("before_data", "noted", "after_250", "before_commit")
RANDOM = "random"
CONCURRENCY = 4  # jobs that one worker runs at once


@dataclass(frozen=True)
class Kill:
    """One death: at the `count`-th passage by a moment, or `wait` seconds after the first sending."""

    moment: str
    count: int = 0
    wait: float = 0.0

    @property
    def arguments(self) -> list[str]:
        return [] if self.moment == RANDOM else [self.moment, str(self.count)]


def plan(kills: int, deliveries: int, chance: random.Random) -> list[Kill]:
    """As many deaths of each kind, in any order, spread so that none comes after the last delivery."""
    share = max(2, deliveries // kills)
    kinds = [(*AT_A_MOMENT, RANDOM)[number % 5] for number in range(kills)]
    chance.shuffle(kinds)
    return [
        Kill(RANDOM, wait=chance.uniform(0, share / 25))
        if kind == RANDOM
        else Kill(kind, count=chance.randint(1, share))
        for kind in kinds
    ]


@dataclass(frozen=True)
class House:
    """The database of the story, seen from outside the product."""

    address: str
    body: uuid.UUID
    environment: dict[str, str] = field(repr=False)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address.replace("postgres://", "postgresql://")) as connection:
            connection.execute("select set_config('jalon.managing_body', %s, true)", [str(self.body)])
            return connection.execute(query).fetchall()

    def answers(self) -> bool:
        """Is the server there?"""
        try:
            return bool(self.rows("select 1"))
        except psycopg.OperationalError:
            return False

    def left(self) -> int:
        """Deliveries without an end, and jobs that could still send."""
        ((open_ones, jobs),) = self.rows(
            "select (select count(*) from exchange_delivery where state in ('prepared', 'attempted')),"
            " (select count(*) from procrastinate_jobs"
            " where lock is not null and status in ('todo', 'doing'))"
        )
        return int(open_ones) + int(jobs)

    @contextmanager
    def worker(self, arguments: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
        """A worker; whatever happens it is gone at the end."""
        command = [sys.executable, "-m", "jalon_sandbox.drills.doomed", *arguments]
        process = subprocess.Popen(  # noqa: S603  our own worker
            command, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(timeout=60)  # longer than a worker takes to drain
            stdout: IO[str] | None = process.stdout
            if stdout:
                stdout.close()


def die(house: House, kill: Kill, end: float) -> None:
    """One life of a worker, from its start to its SIGKILL. Raises AssertionError if it dies otherwise."""
    with house.worker(kill.arguments) as process:
        watch = threading.Timer(max(1.0, end - time.monotonic()), process.terminate)
        watch.start()
        if kill.moment == RANDOM and process.stdout and process.stdout.readline():
            time.sleep(kill.wait)
            process.kill()
        code = process.wait()
        watch.cancel()
    if code != -signal.SIGKILL:
        raise AssertionError(f"the worker ended with {code} instead of dying at {kill.moment}")


def patience(kills: int) -> float:
    """Seconds in which everything must have an end: a start a death, and the end of the last worker."""
    return 120 + 12 * kills


def run(house: House, kills: Sequence[Kill]) -> Counter[str]:
    """Every death in turn, then a last worker that finishes; the deaths by kind."""
    end = time.monotonic() + patience(len(kills))
    dead: Counter[str] = Counter()
    for kill in kills:
        die(house, kill, end)
        dead[kill.moment] += 1
    with house.worker() as process:
        finish(house, process, end)
    return dead


def finish(house: House, process: "subprocess.Popen[str]", end: float) -> None:
    """Until this worker has brought everything to an end. Raises AssertionError when it does not."""
    while left := house.left():
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"{left} deliveries or jobs without an end")
        time.sleep(0.3)
