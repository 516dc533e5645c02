"""PostgreSQL killed or restarted under a worker that sends: the worker comes back by itself."""

import os
import random
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from jalon_sandbox.drills.campaign import Size, campaign
from jalon_sandbox.drills.deaths import House, finish, patience
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.receivers import open_receivers
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.drills.sendings import everybody
from jalon_sandbox.supervisor import Part

KILLED, RESTARTED = "killed", "restarted"
SIGNALS = {KILLED: signal.SIGKILL, RESTARTED: signal.SIGINT}  # at once, or a fast stop
DOCUMENTS = 8
BACK = 30.0  # seconds in which a worker sends again


def drill(options: Options) -> Report:
    """20 deaths of the server, or `size`, each while the same worker sends."""
    faults = options.size or 20
    chance = random.Random(options.seed)  # noqa: S311  drawn again at will
    kinds = [(KILLED, RESTARTED)[rank % 2] for rank in range(faults)]
    chance.shuffle(kinds)
    waits = [chance.uniform(0.3, 1.5) for _ in kinds]
    size = Size(max(2, faults), DOCUMENTS, faults)
    with served(options.data, fast=False) as (_, server):
        folder = options.data / f"database-{uuid.uuid4().hex[:8]}"
        citizens = [one.ins for one in everybody(size.people)]
        with open_receivers(folder / "services", citizens) as receivers:
            times: list[float] = []
            strike = partial(_strike, server)
            disturb = partial(run, strike=strike, faults=list(zip(kinds, waits, strict=True)), times=times)
            report = campaign("database", dict(os.environ), receivers, folder, size, disturb)
    report.figures["back"] = [round(each, 1) for each in sorted(times)]
    report.lines.append(f"  reprise après {min(times):.1f} à {max(times):.1f} s")
    report.expect(max(times) < BACK, f"une reprise a pris {max(times):.0f} s")
    return report


def run(
    house: House, *, strike: Callable[[House, str], None], faults: Sequence[tuple[str, float]],
    times: list[float],
) -> Counter[str]:  # fmt: skip
    """Each fault in turn, then the end; `times` gets the seconds from each fault to the next sending."""
    end = time.monotonic() + patience(len(faults))
    with house.worker() as process:
        if process.stdout:
            process.stdout.readline()  # its first sending
        for kind, wait in faults:
            time.sleep(wait)
            before, began = house.left(), time.monotonic()
            strike(house, kind)
            _sends_again(house, before, end)
            times.append(time.monotonic() - began)
        finish(house, process, end)
    return Counter(kind for kind, _ in faults)


def _strike(server: Part, house: House, kind: str) -> None:
    """The server dies, and starts again."""
    server.child.send_signal(SIGNALS[kind])
    server.child.wait(30)
    while not house.answers():
        if server.gone():
            server.sweep()
            server.start()
        time.sleep(0.1)


def _sends_again(house: House, before: int, end: float) -> None:
    while before and house.left() >= before:
        if time.monotonic() > end:
            raise AssertionError("nothing is sent any more")
        time.sleep(0.1)
