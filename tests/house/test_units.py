"""The systemd units that are shipped: read by systemd where it is, and as hardened as they say."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jalon.commands.main import COMMANDS
from jalon.exchange.worker import DRAIN
from tests.support import PROJECT

UNITS = sorted((PROJECT / "docs/exploitation/systemd").glob("*.service"))
each = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)


def read(unit: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # names of systemd have capitals
    found.read(unit, "utf-8")
    return found


def test_the_screens_and_the_jobs_have_each_their_unit() -> None:
    assert [unit.stem for unit in UNITS] == ["jalon-serve", "jalon-worker"]


@each
def test_a_unit_runs_a_command_of_ours_without_rights_and_starts_it_again(unit: Path) -> None:
    service = read(unit)["Service"]
    program, command, *_ = service["ExecStart"].split()
    assert program.endswith("/bin/jalon") and command in COMMANDS
    assert (service["User"], service["Restart"], service["NoNewPrivileges"]) == ("jalon", "always", "yes")
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")


@each
def test_a_unit_never_stops_with_the_database_and_is_never_given_up(unit: Path) -> None:
    described = read(unit)["Unit"]
    assert "Requires" not in described and "BindsTo" not in described
    assert described["StartLimitIntervalSec"] == "0"


def test_the_jobs_are_given_the_time_that_they_ask_for() -> None:
    (worker,) = (unit for unit in UNITS if unit.stem == "jalon-worker")
    assert float(read(worker)["Service"]["TimeoutStopSec"]) > DRAIN


@each
def test_systemd_reads_a_unit_without_a_word(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text("utf-8")
    assert re.fullmatch(r"(?:(?:\[\w+\]|#.*|\w+=.*)?\n)+", text)
    program = shutil.which("systemd-analyze")
    if program:
        (tmp_path / unit.name).write_text(re.sub(r"/opt/jalon/bin/jalon\b", sys.executable, text))
        done = subprocess.run([program, "verify", tmp_path / unit.name], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
