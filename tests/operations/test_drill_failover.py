"""A share of `jalon drill failover`: a primary killed under writes, with the file that the manual ships."""

import sys
from pathlib import Path

import pytest

from jalon_sandbox.drills import failover
from jalon_sandbox.drills.report import Options


@pytest.mark.needs_peer("patroni")
def test_a_primary_killed_under_writes_loses_nothing_acknowledged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failover, "stop_on_signals", lambda: None)  # the signals are the suite's
    report = failover.drill(Options(tmp_path, size=1))
    with capsys.disabled():
        sys.stdout.write(f"\n{report.lines[0]}\n")
    assert report.faults == []
    assert report.figures["acknowledged"] > 100
    assert report.figures["outage_max_s"] > 1
