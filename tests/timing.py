"""Where the time of a run goes: the seconds of each folder of tests, the slowest first."""

from collections import Counter

import pytest


def by_folder(reports: list[pytest.TestReport]) -> list[tuple[str, float]]:
    """(folder, seconds of its set-ups, tests and tear-downs), the slowest first."""
    spent: Counter[str] = Counter()
    for report in reports:
        spent[report.nodeid.rpartition("/")[0]] += report.duration  # type: ignore[assignment]  # seconds, not a count
    return spent.most_common()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Said when the slowest tests are asked for."""
    if not terminalreporter.config.getoption("durations"):
        return
    reports = [
        report
        for kind in ("", "passed", "failed", "error", "skipped")
        for report in terminalreporter.stats.get(kind, [])
        if isinstance(report, pytest.TestReport)
    ]
    told = [f"{folder} {seconds:.0f} s" for folder, seconds in by_folder(reports) if seconds >= 1]
    terminalreporter.write_sep("=", "seconds by folder")
    terminalreporter.write_line(", ".join(told) or "less than a second each")
