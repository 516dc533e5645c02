"""The primary killed under writes: nothing acknowledged is lost, and writes go on at the other node."""

import shutil
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

import psycopg

from jalon_sandbox.drills.cluster import Cluster, missing
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.server_place import forget
from jalon_sandbox.supervisor import House, stop_on_signals

TRIALS: Final = 20
LONGEST: Final = 30.0  # seconds without a write that a failover may take
BEFORE: Final = 2.0  # seconds of writes before each death
INSERT: Final = "insert into written (number) values (%s)"


@dataclass
class Writer:
    """Writes without pause, and remembers what was acknowledged and how long nothing was."""

    conninfo: str
    acknowledged: list[int] = field(default_factory=list)
    last: float = field(default_factory=time.monotonic)
    gap: float = 0
    stopped: bool = False

    def run(self) -> None:
        """Until told to stop; a connection that breaks is made again."""
        number = 0
        while not self.stopped:
            try:
                with psycopg.connect(self.conninfo, autocommit=True) as connection:
                    while not self.stopped:
                        number += 1
                        connection.execute(INSERT, [number])
                        self._note(number)
            except psycopg.Error:
                time.sleep(0.1)

    def _note(self, number: int) -> None:
        now = time.monotonic()
        self.gap, self.last = max(self.gap, now - self.last), now
        self.acknowledged.append(number)


def drill(options: Options) -> Report:
    """20 failovers, or `size`, of a throw-away cluster."""
    if lack := missing():
        raise SystemExit(lack)
    stop_on_signals()
    folder = options.data / f"failover-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    house = House()
    try:
        cluster = Cluster(house, folder)
        cluster.start()
        return campaign(cluster, options.size or TRIALS)
    finally:
        house.close()
        forget(folder / "nodes")
        shutil.rmtree(folder, ignore_errors=True)


def campaign(cluster: Cluster, trials: int) -> Report:
    """Kill the primary as often as said, while somebody writes."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute("create table written (number bigint primary key)")
    writer, outages = Writer(cluster.conninfo()), []
    thread = threading.Thread(target=writer.run, daemon=True)
    thread.start()
    for number in range(trials):
        outages.append(_killed(cluster, writer))
        if number + 1 < trials:
            cluster.wait_for(2)
    time.sleep(BEFORE)
    writer.stopped = True
    thread.join()
    return _judged(cluster, writer, outages)


def _killed(cluster: Cluster, writer: Writer) -> float:
    """The longest time without an acknowledged write around one death; the dead machine is started again."""
    time.sleep(BEFORE)
    writer.gap, dead = 0, cluster.primary()
    before = len(writer.acknowledged)
    dead.kill()
    deadline = time.monotonic() + 3 * LONGEST
    while time.monotonic() < deadline and not (writer.gap > 1 and len(writer.acknowledged) > before):
        time.sleep(0.1)
    cluster.revive(dead)
    return writer.gap or 3 * LONGEST


def _judged(cluster: Cluster, writer: Writer, outages: list[float]) -> Report:
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        there = {number for (number,) in connection.execute("select number from written").fetchall()}
    lost = len(set(writer.acknowledged) - there)
    report = Report("failover")
    report.figures = {
        "trials": len(outages),
        "acknowledged": len(writer.acknowledged),
        "lost": lost,
        "outage_max_s": round(max(outages), 1),
        "outage_mean_s": round(sum(outages) / len(outages), 1),
    }
    report.expect(lost == 0, f"{lost} écritures acquittées sont perdues")
    report.expect(max(outages) <= LONGEST, f"les écritures se sont arrêtées {max(outages):.1f} s")
    report.lines = [
        f"{len(outages)} primaires tués pendant {len(writer.acknowledged)} écritures acquittées : "
        f"{lost} perdues, "
        f"de retour en {sum(outages) / len(outages):.1f} s en moyenne, {max(outages):.1f} s au plus"
    ]
    return report
