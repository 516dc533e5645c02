"""Workers killed while they bring files in: what they leave is what one that nothing interrupted leaves."""

import os
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalon_sandbox.bench.letters import copies
from jalon_sandbox.drills.deaths import RANDOM, House, Kill, die, finish
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.report import Options, Report

EACH: Final = 30
"""Files a death: some lives end before the first fifty are in, some after."""
KILLED, WHOLE = "990000119", "990000127"
"""The managing bodies: where workers die, and where none does."""
LIFE: Final = 3.0
"""Seconds that a worker may live after it took its first files."""
A_DEATH: Final = 40.0
"""Seconds of patience a death: a start, the dead seen as such, some dozens of files."""
ADOPTED = ("-", "0", "adopt")
"""A job that saw its workers die six times is given up, and `adopt` asks for another: soon, here."""


@dataclass(frozen=True)
class Death(Kill):
    """One death of a worker that brings files in."""

    @property
    def arguments(self) -> list[str]:
        moment, count, task = ADOPTED
        return [moment if self.moment == RANDOM else self.moment, str(self.count or count), task]


def drill(options: Options) -> Report:
    """20 deaths during one import, or `size` deaths, on a throw-away server."""
    from jalon_sandbox.bench.tddui import sources

    kills = options.size or 20
    folder = options.data / f"imports-{uuid.uuid4().hex[:8]}"
    with served(options.data):
        write(folder / "files", list(copies(sources(), EACH * kills)))
        return campaign(dict(os.environ), folder, kills, random.Random(options.seed))  # noqa: S311  drawn again at will


def write(folder: Path, files: list[bytes]) -> None:
    """The files to bring in."""
    folder.mkdir(parents=True)
    for rank, data in enumerate(files):
        (folder / f"{rank:05}.json").write_bytes(data)


def campaign(environment: dict[str, str], folder: Path, kills: int, chance: random.Random) -> Report:
    """Bring the files of `folder/files` in twice, once with deaths, and compare every table."""
    told = {**environment, "JALON_VAR": str(folder / "house")}
    files = str(folder / "files")
    each = len(list(Path(files).iterdir())) // kills
    started = time.monotonic()
    body, _ = _beside(told, "ask", files, KILLED)
    dead = _kill(House(told["DATABASE_URL"], uuid.UUID(body), told), _plan(kills, each, chance))
    (whole,) = _beside(told, "once", files, WHOLE)
    differences = _beside(told, "compare", body, whole)
    report = Report("imports", figures={"deaths": dict(dead), "files": len(list(Path(files).iterdir()))})
    report.lines = [
        f"{report.figures['files']} fichiers importés sous {dead.total()} morts du travailleur, "
        f"comparés à un import sans mort ({time.monotonic() - started:.0f} s)."
    ]
    report.expect(dead.total() == kills, f"{dead.total()} morts au lieu de {kills} : trop peu de fichiers")
    report.faults += differences
    return report


def _plan(kills: int, each: int, chance: random.Random) -> list[Kill]:
    """Half of the deaths with a file written and not yet seen by others, half at any moment."""
    return [
        Death(RANDOM, wait=chance.uniform(0, LIFE)) if number % 2 else Death("told", chance.randint(1, each))
        for number in range(kills)
    ]


def _kill(house: House, plan: Sequence[Kill]) -> Counter[str]:
    """Every death in turn, while there is something to bring in, then a last worker that finishes."""
    end = time.monotonic() + A_DEATH * (len(plan) + 2)
    dead: Counter[str] = Counter()
    for kill in plan:
        if house.left():
            die(house, kill, end)
            dead[kill.moment] += 1
    with house.worker(ADOPTED) as process:
        finish(house, process, end)
    return dead


def _beside(environment: dict[str, str], *words: str) -> list[str]:
    """What a command on the database of the drill printed, a line each."""
    command = [sys.executable, "-m", "jalon_sandbox.drills.imported", *words]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  our own module
    return done.stdout.splitlines()
