"""What a supervisor starts again works again: the screens' first process, or the worker, taken by a SIGKILL.

The supervisor does what systemd does with the units of the manual: it kills what is left of the dead one, and
starts it again.
"""

import contextlib
import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from jalon_sandbox import supervisor
from jalon_sandbox.drills.cluster import free_port
from jalon_sandbox.supervisor import House, Part
from tests.faults.conftest import told

JALON = str(Path(sys.executable).with_name("jalon"))
BACK = 30.0  # seconds
HEARTS = "select count(*) from procrastinate_workers where last_heartbeat > to_timestamp(%s)"


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[tuple[House, int]]:
    """The screens and a worker, watched over."""
    house, port = House(), free_port()
    environment = told(database) | {"JALON_VAR": str(tmp_path)}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    house.start("écrans", [JALON, "serve", "--port", str(port), "--workers", "1"], env=environment)
    house.start("tâches", [JALON, "worker"], env=environment)
    over = threading.Event()
    watch = threading.Thread(target=_watched, args=[house, over])
    watch.start()
    try:
        yield house, port
    finally:
        over.set()
        watch.join()
        house.close()


def _watched(house: House, over: threading.Event) -> None:
    """As `House.wait`, until it is over."""
    while not over.wait(0.1):
        for part in house.parts:
            if part.gone():
                part.revive(time.monotonic())


def answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(link):
        link.request("GET", "/sante/vivant")
        return link.getresponse().status == 200
    return False


def lives(database: str, since: float) -> bool:
    with psycopg.connect(database.replace("postgres://", "postgresql://")) as base:
        return base.execute(HEARTS, [since]).fetchone() != (0,)


def within(seconds: float, happens: Callable[[], bool]) -> float:
    """Seconds until that happens."""
    began = time.monotonic()
    while not happens():
        assert time.monotonic() - began < seconds
        time.sleep(0.1)
    return time.monotonic() - began


def killed(part: Part) -> float:
    """When it was."""
    former = part.child.pid
    os.kill(former, signal.SIGKILL)
    now = time.time()
    within(BACK, lambda: part.child.pid != former)
    return now


def test_screens_and_worker_killed_are_started_again_and_work(
    house: tuple[House, int], database: str
) -> None:
    (parts, port), begun = house, time.time() - 60
    screens, tasks = parts.parts
    within(BACK, lambda: answers(port))
    within(BACK, lambda: lives(database, begun))
    since = killed(tasks)
    killed(screens)
    within(BACK, lambda: answers(port))
    within(BACK, lambda: lives(database, since))
    assert [len(part.deaths) for part in parts.parts] == [1, 1]


def test_a_part_that_cannot_live_stops_everything_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK", 0.01)
    house, said = House(), []
    house.start("mort-né", ["/bin/false"])
    try:
        with pytest.raises(SystemExit, match="6 fois"):
            house.wait(said.append)
    finally:
        house.close()
    assert len(said) == supervisor.DEATHS
