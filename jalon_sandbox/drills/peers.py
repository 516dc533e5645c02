"""A destination slow, then cut, under a worker that sends: mails do not wait for it, and all arrives once."""

import os
import random
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from jalon_sandbox.drills.campaign import Size, campaign
from jalon_sandbox.drills.deaths import House, finish, patience
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.receivers import Receivers, open_receivers
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.drills.sendings import everybody

DOCUMENTS = 8
SLOW: Final = 8.0  # seconds an answer
KINDS: Final = ("slow", "before", "after")
MAILS = (
    "select count(*) from exchange_delivery where destination = 'citizen_mail' and state in"
    " ('prepared', 'attempted')"
)
SOON: Final = 60.0  # seconds in which every mail has left, whatever the other destination does


def drill(options: Options) -> Report:
    """20 troubles of the DMP, or `size`, while plans leave for it and by mail."""
    times = options.size or 20
    chance = random.Random(options.seed)  # noqa: S311  drawn again at will
    troubles = [(KINDS[rank % len(KINDS)], chance.uniform(1, 4)) for rank in range(times)]
    size = Size(max(2, times // 2), DOCUMENTS, times)
    with served(options.data):
        folder = options.data / f"peers-{uuid.uuid4().hex[:8]}"
        citizens = [one.ins for one in everybody(size.people)]
        with open_receivers(folder / "services", citizens) as receivers:
            left: list[float] = []
            disturb = partial(run, receivers=receivers, troubles=troubles, left=left)
            report = campaign("peers", dict(os.environ), receivers, folder, size, disturb)
    report.figures |= {"mails": round(left[0], 1), "drained": round(left[1], 1)}
    report.lines.append(f"  courriers partis en {left[0]:.1f} s ; le reste {left[1]:.1f} s après le retour")
    report.expect(left[0] < SOON, "des courriers ont attendu une autre destination")
    return report


def run(
    house: House, *, receivers: Receivers, troubles: Sequence[tuple[str, float]], left: list[float]
) -> Counter[str]:
    """First slow until every mail has left, then each trouble in turn; `left` gets both times, in seconds."""
    end = time.monotonic() + patience(len(troubles))
    with house.worker() as process:
        receivers.dmp.slow(SLOW)
        left.append(_mails(house, end))
        for kind, seconds in troubles:
            if kind == "slow":
                receivers.dmp.slow(SLOW)
            else:
                receivers.dmp.cut(kind)  # type: ignore[arg-type]  # one of KINDS
            time.sleep(seconds)
            receivers.dmp.heal()
        began = time.monotonic()
        finish(house, process, end)
        left.append(time.monotonic() - began)
    return Counter(kind for kind, _ in troubles)


def _mails(house: House, end: float) -> float:
    """Seconds until the last mail has left. Raises AssertionError when they do not."""
    began = time.monotonic()
    while house.rows(MAILS) != [(0,)]:
        if time.monotonic() > end:
            raise AssertionError("mails without an end")
        time.sleep(0.2)
    return time.monotonic() - began
