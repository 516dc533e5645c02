"""A worker asleep (a machine that sleeps) is taken for dead while another works; it wakes up, and goes on."""

import os
import random
import signal
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from functools import partial

from jalon_sandbox.drills.campaign import Size, campaign
from jalon_sandbox.drills.deaths import House, finish, patience
from jalon_sandbox.drills.doomed import STALLED_AFTER
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.receivers import open_receivers
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.drills.sendings import everybody

DOCUMENTS = 10


def drill(options: Options) -> Report:
    """20 sleeps of a worker, or `size`, each longer than it takes to be forgotten, while another works."""
    sleeps = options.size or 20
    chance = random.Random(options.seed)  # noqa: S311  drawn again at will
    times = [chance.uniform(2.5, 5) for _ in range(sleeps)]
    size = Size(max(3, 2 * sleeps), DOCUMENTS, sleeps)
    with served(options.data):
        folder = options.data / f"pause-{uuid.uuid4().hex[:8]}"
        citizens = [one.ins for one in everybody(size.people)]
        with open_receivers(folder / "services", citizens) as receivers:
            return campaign("pause", dict(os.environ), receivers, folder, size, partial(run, sleeps=times))


def run(house: House, *, sleeps: Sequence[float]) -> Counter[str]:
    """Each sleep in turn. Raises AssertionError when the worker that slept dies of it.

    A worker forgets the dead ones as it starts: another does, during each sleep.
    """
    end = time.monotonic() + patience(len(sleeps))
    with house.worker() as sleeper:
        if sleeper.stdout:
            sleeper.stdout.readline()  # its first sending
        for seconds in sleeps:
            sleeper.send_signal(signal.SIGSTOP)
            time.sleep(STALLED_AFTER)
            with house.worker():
                time.sleep(seconds)
                sleeper.send_signal(signal.SIGCONT)  # what it held asleep, the other may be waiting for
            time.sleep(1)
            if sleeper.poll() is not None:
                raise AssertionError(f"the worker ended with {sleeper.returncode} when it woke up")
        finish(house, sleeper, end)
    return Counter({"asleep": len(sleeps)})
