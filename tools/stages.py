"""`make test`: each stage in order, its time, the slowest tests, and what this machine could not check."""

import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# Where nothing may skip, the committed matrix must be the one these tests give.
CONFORMITY = ["--conformity=check"] if os.environ.get("JALON_NO_SKIP") else []
QUICK = (
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("lint", [BIN / "ruff", "check", "--quiet", "."]),
    # Not --check: its formatter puts spaces between inline elements, which a browser then shows.
    ("templates", [BIN / "djlint", "jalon/faces", "jalon/web", "--lint", "--quiet"]),
    ("imports", [BIN / "lint-imports"]),
    ("types", [BIN / "mypy", "jalon", "jalon_sandbox"]),
)
SERVED = (
    ("migrations", [sys.executable, "-m", "tools.with_database", "makemigrations", "--check", "--dry-run"]),
    (
        "deployment",
        [sys.executable, "-m", "tools.with_database", "check", "--deploy", "--fail-level", "ERROR"],
    ),
    (
        "tests",
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "2",
            "--dist",
            "loadscope",
            "-q",
            "--durations=20",
            *CONFORMITY,
        ],
    ),
)


def run(stages: tuple[tuple[str, list[object]], ...]) -> int:
    """Run until a stage fails; the time of each is printed."""
    times = []
    code = 0
    for name, command in stages:
        print(f"── {name}", flush=True)
        started = time.monotonic()
        code = subprocess.call(
            [str(part) for part in command], cwd=PROJECT, env={**os.environ, "JALON_MODE": "test"}
        )
        times.append(f"{name} {time.monotonic() - started:.0f} s")
        if code:
            print(f"── {name} : échec ({code})")
            break
    print("── durées : " + ", ".join(times))
    return code


if __name__ == "__main__":
    raise SystemExit(run(QUICK if "--quick" in sys.argv else (*QUICK, *SERVED)))
