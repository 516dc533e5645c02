"""A share of `jalon drill kills`: the worker is killed 20 times during 500 sendings, and the receivers count.

In full with JALON_FAULTS=full, and wherever nothing may be skipped (CI); a shorter story otherwise.
"""

import random
import sys
from functools import partial
from pathlib import Path

import pytest

from jalon_sandbox.drills.campaign import Size, campaign
from jalon_sandbox.drills.deaths import plan, run
from jalon_sandbox.drills.receivers import Receivers
from tests.faults.conftest import FULL, told

SIZE = Size(25, 10, 20) if FULL else Size(6, 5, 6)


def test_workers_killed_while_they_send_lose_nothing_and_send_nothing_twice(
    database: str, receivers: Receivers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = told(database)
    deaths = plan(SIZE.kills, SIZE.asked, random.Random(20261122))
    report = campaign("kills", environment, receivers, tmp_path, SIZE, partial(run, kills=deaths))
    with capsys.disabled():
        print("", *report.lines, sep="\n", file=sys.stderr)  # noqa: T201  meant to be read
    assert report.faults == []
    assert (report.figures["sendings"], sum(report.figures["deaths"].values())) == (SIZE.asked, SIZE.kills)
