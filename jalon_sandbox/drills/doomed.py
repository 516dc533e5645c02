"""A worker as `jalon worker` runs it, with short delays, which may kill itself at a named moment.

    python -m jalon_sandbox.drills.doomed [MOMENT COUNTDOWN [TASK]]

At its COUNTDOWN-th passage by MOMENT it takes a SIGKILL: nothing is flushed, closed or told. Nothing of the
product is changed: its functions are wrapped where they are called. It prints `ready` at its first sending,
or its first files. What gives back the jobs of the dead runs every two seconds, and TASK with it.
"""

import functools
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from jalon.commands.django_setup import setup

HEARTBEAT = 1.0  # seconds
STALLED_AFTER = 4.0


class Fuse:
    """Counts the passages by one moment, over all threads."""

    def __init__(self, moment: str, countdown: int) -> None:
        self.moment, self.left = moment, countdown
        self.lock = threading.Lock()
        self.told = False

    def passes(self, moment: str) -> None:
        with self.lock:
            if not self.told:
                self.told = True
                sys.stdout.write("ready\n")
                sys.stdout.flush()
            if moment != self.moment:
                return
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, act: Callable[..., Any], before: str = "", after: str = "") -> Callable[..., Any]:
        """`act`, with a passage before it, and one after it."""

        @functools.wraps(act)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if before:
                self.passes(before)
            result = act(*args, **kwargs)
            if after:
                self.passes(after)
            return result

        return wrapped


def lay(fuse: Fuse) -> None:
    """Put the fuse on the way of a sending, moment by moment, and of a file that comes in.

    `before_data`: recipients accepted, nothing noted; `noted`: noted as perhaps sent, not one byte gone;
    `after_250`: taken by the receiver, nothing noted of it; `before_commit`: written, not committed; `told`:
    a file is in, and nobody else sees it yet (`brought`: those of a batch are not read).
    """
    from jalon.exchange.outbox import sending
    from jalon.exchange.outbox.routes import routes
    from jalon.exchange.transfer import runs

    sending._content_leaves = fuse.around(sending._content_leaves, "before_data", "noted")
    for route in routes().values():
        vars(route)["send"] = fuse.around(route.send, after="after_250")
    sending._write = fuse.around(sending._write, after="before_commit")
    runs._go_on_with = fuse.around(runs._go_on_with, before="brought")
    runs._tell = fuse.around(runs._tell, after="told")


def main(moment: str = "", countdown: str = "0", *often: str) -> None:
    setup()
    from procrastinate.contrib.django import app

    from jalon.exchange import tasks, worker

    lay(Fuse(moment, int(countdown)))
    setattr(tasks, "STALLED_AFTER", STALLED_AFTER)  # noqa: B010  a constant of the product, shortened here
    soon: Any = app.periodic(cron="*/2 * * * * *", periodic_id="faults")
    for name in ("rescue", *often):
        soon(getattr(tasks, name))
    worker.run(heartbeat=HEARTBEAT, stalled_after=STALLED_AFTER)


if __name__ == "__main__":
    main(*sys.argv[1:])
