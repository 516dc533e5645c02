"""People at work for a long time, at a steady pace: what the processes keep in memory, what goes wrong."""

import contextlib
import os
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import psutil

from jalon_sandbox.bench.base import SHAPE
from jalon_sandbox.bench.dossier import visitor
from jalon_sandbox.bench.load import CLIENTS, ERRORS, ROLES, Seen, served, work
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.load.place import JALON, kept
from jalon_sandbox.supervisor import House

PAUSE: Final = 0.5  # seconds between two gestures of somebody: a steady pace, not a race
LOOKS: Final = 120  # times the memory is looked at
GROWTH: Final = "memory_growth"


@dataclass
class Memory(threading.Thread):
    """What the screens and the worker hold together, in MB, looked at now and then until `ends`, and then."""

    pids: list[int]
    every: float
    ends: float
    looks: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while time.monotonic() < self.ends:
            self.looks.append(sum(map(_held, self.pids)))
            time.sleep(self.every)
        self.looks.append(sum(map(_held, self.pids)))

    @property
    def growth(self) -> float:
        """The last quarter over the second one: the first is where caches fill."""
        quarter = len(self.looks) // 4
        before, after = self.looks[quarter : 2 * quarter], self.looks[-quarter:]
        return statistics.median(after) / statistics.median(before)


def run(options: Options) -> Report:
    """`jalon serve` and `jalon worker` on the base of `records` people, and people at work for `seconds`."""
    with kept(options.data, SHAPE) as base:
        base.fill(options.records)
        people = [visitor(role=ROLES[number % len(ROLES)]) for number in range(CLIENTS)]
        with served() as port, _worker():
            work(people, port, 3)
            memory = Memory(_ours(), options.seconds / LOOKS, time.monotonic() + options.seconds)
            memory.start()
            seen = work(people, port, options.seconds, pause=PAUSE)
            memory.join()
    return _told(seen, memory, options.seconds)


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    house = House()
    try:
        house.start("tâches", [JALON, "worker"], env=dict(os.environ))
        yield
    finally:
        house.close()


def _ours() -> list[int]:
    """The processes of the product that this one started: PostgreSQL gives memory back its own way."""
    every = psutil.Process().children(recursive=True)
    return [one.pid for one in every if "postgres" not in one.name()]


def _held(pid: int) -> float:
    """Its own part of the memory, in MB; nothing when it ended, as a child that read a document does."""
    try:
        return float(psutil.Process(pid).memory_full_info().uss) / 2**20
    except psutil.NoSuchProcess:
        return 0.0


def _told(seen: Seen, memory: Memory, seconds: float) -> Report:
    asked = sum(map(len, seen.times.values()))
    report = Report("soak", ceilings={GROWTH: 1.05, ERRORS: 0})
    report.ratios = {GROWTH: round(memory.growth, 3)}
    report.figures = {
        ERRORS: len(seen.errors),
        "requests": asked,
        "memory_mb": [round(one) for one in memory.looks[:: max(1, LOOKS // 12)]],
        "met": sorted(set(seen.errors)),
    }
    report.lines = [
        f"{asked} requêtes en {seconds:.0f} s ; mémoire des écrans et des tâches, en Mo : "
        f"{', '.join(map(str, report.figures['memory_mb']))}.",
        *report.figures["met"],
    ]
    return report
