"""The base changed under people at work: not a request fails, and none waits long."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Final

from jalon_sandbox.bench.base import SHAPE
from jalon_sandbox.bench.dossier import Visitor, visitor
from jalon_sandbox.bench.load import ROLES, Client, Seen, served
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.load.place import kept

PEOPLE: Final = 5_000
CLIENTS: Final = 4
LONGEST: Final = 3.0  # seconds for the page that waited most: two behind a migration, and its own time


def drill(options: Options) -> Report:
    """Each kind of migration 20 times, or `size`, on a base of thousands of people."""
    os.environ["JALON_ACCESS_LOG"] = "false"
    with kept(options.data / "load", SHAPE) as base:
        base.fill(PEOPLE)
        people = [visitor(role=ROLES[number % len(ROLES)]) for number in range(CLIENTS)]
        with served() as port:
            return campaign(people, port, options.size or 20, os.environ)


def campaign(people: Sequence[Visitor], port: int, times: int, environment: Mapping[str, str]) -> Report:
    """People at work on this port, while the base they work on is changed."""
    seen, report = Seen(), Report("migration")
    clients = [Client(who, number, port, float("inf"), seen) for number, who in enumerate(people)]
    for client in clients:
        client.start()
    try:
        time.sleep(1)
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", "jalon_sandbox.drills.changing", str(times)],
            env=dict(environment), stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        seconds = time.monotonic() - began
    finally:
        for client in clients:
            client.until = 0
        for client in clients:
            client.join()
    report.expect(done.returncode == 0, "une migration n’est pas allée au bout")
    _told(report, seen, json.loads(done.stdout or "{}"), seconds)
    return report


def _told(report: Report, seen: Seen, migrations: dict[str, list[float]], seconds: float) -> None:
    every = sorted(one / 1000 for times in seen.times.values() for one in times)
    slowest, number = every[-1], sum(map(len, migrations.values()))
    report.figures = {
        "migrations": number,
        "longest": {kind: max(times) for kind, times in migrations.items()},
        "requests": len(every),
        "errors": len(seen.errors),
        "p95_s": round(every[len(every) * 95 // 100], 3),
        "slowest_s": round(slowest, 3),
    }
    report.lines = [
        f"{number} migrations en {seconds:.0f} s sous {len(every)} demandes : "
        f"{len(seen.errors)} en échec, la plus lente en {slowest:.2f} s",
        *sorted(set(seen.errors)),
    ]
    report.expect(not seen.errors, f"{len(seen.errors)} demandes ont échoué pendant une migration")
    report.expect(slowest < LONGEST, f"une page a attendu {slowest:.1f} s derrière une migration")
