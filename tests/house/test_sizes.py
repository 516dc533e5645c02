"""The house budget: what one reading can hold. Medians are printed, only the excess fails."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import CODE, name_of, nodes, python_files
from tests.support import PROJECT

TESTS = python_files("tests")
FILE, TEST_FILE, FUNCTION, CLIENT = 400, 500, 50, 150
MEDIAN_FILE, MEDIAN_FUNCTION = 120, 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(place, number of lines) of each function, decorators apart."""
    for node in nodes(path):
        if isinstance(node, Function):
            yield f"{name_of(path)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def median_p90_max(sizes: list[int]) -> str:
    ranked = sorted(sizes)
    return f"{statistics.median(ranked):.0f} / {ranked[len(ranked) * 9 // 10]} / {ranked[-1]}"


def report(name: str, paths: tuple[Path, ...]) -> str:
    files = [lines(path) for path in paths if lines(path)]
    lengths = [length for path in paths for _, length in functions(path)]
    return (
        f"{name}: {len(files)} files, {sum(files)} lines; median / p90 / max of a file "
        f"{median_p90_max(files)}, of a function {median_p90_max(lengths)}"
    )


def test_the_medians_of_the_code_stay_within_the_aim(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{report('code', CODE)}\n{report('tests', TESTS)}")  # noqa: T201  this report is meant to be read
    assert statistics.median(lines(path) for path in CODE if lines(path)) <= MEDIAN_FILE
    assert statistics.median(length for path in CODE for _, length in functions(path)) <= MEDIAN_FUNCTION


def test_no_file_is_too_long_to_read() -> None:
    long = {name_of(path): lines(path) for path in CODE if lines(path) > FILE}
    long |= {name_of(path): lines(path) for path in TESTS if lines(path) > TEST_FILE}
    assert long == {}


def test_no_function_is_too_long_to_read() -> None:
    found = [function for path in (*CODE, *TESTS) for function in functions(path)]
    assert [(place, length) for place, length in found if length > FUNCTION] == []


def test_the_client_of_a_service_only_moves_bytes() -> None:
    clients = [*PROJECT.glob("jalon/gateways/*/client.py")]
    assert clients
    assert {name_of(path): lines(path) for path in clients if lines(path) > CLIENT} == {}


def test_no_function_branches_too_much() -> None:
    ruff = Path(sys.executable).with_name("ruff")
    options = ["check", "--isolated", "--select", "C901", "--config", "lint.mccabe.max-complexity=8"]
    done = subprocess.run(
        [ruff, *options, "--output-format", "concise", "jalon", "jalon_sandbox", "tests", "tools"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
