"""The offline TDDUI checker of the reference material, installed once under var/."""

import fcntl
import hashlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support import PROJECT, SHARED

SOURCE = SHARED / "tools/tddui_check"
HOME = PROJECT / "var/peers/tddui_check"
FILES = ("package.json", "tddui_check.mjs")
INSTALL_SECONDS = 300
CHECK_SECONDS = 600
_FILE = re.compile(r"(?:PASS|FAIL) (?P<name>\S+) \((?P<errors>\d+) error")


@dataclass(frozen=True)
class Verdict:
    """What the checker says of a folder: the files it read, and its lines by severity."""

    files: tuple[str, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def install() -> Path:
    """The folder of the checker with its pinned packages, installed once per state of what it is made of.

    Raises subprocess.CalledProcessError when npm fails.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()
    done = HOME / "installed"
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text() != mark:
            for name in FILES:
                shutil.copyfile(SOURCE / name, HOME / name)
            command = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HOME, check=True, capture_output=True, timeout=INSTALL_SECONDS)
            done.write_text(mark)
    return HOME


def check(folder: Path) -> Verdict:
    """Every JSON file of `folder`, in one run."""
    command: list[str | Path] = [
        "node",
        install() / "tddui_check.mjs",
        "--standards",
        SHARED / "standards",
        folder,
    ]
    # To a file and not to a pipe: the checker exits without waiting for a pipe to be read, and loses its end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command, stdout=output, stderr=subprocess.PIPE, text=True, check=False, timeout=CHECK_SECONDS
        )
        output.seek(0)
        lines = output.read().splitlines()
    files = tuple(found["name"] for line in lines if (found := _FILE.match(line)))
    said = [line.strip() for line in lines]
    errors = [line for line in said if line.startswith(("error", "fatal", "ERROR"))]
    if done.returncode and not errors:
        errors = [done.stderr or "the checker stopped"]
    warnings = [line for line in said if line.startswith("warning")]
    return Verdict(files, tuple(errors), tuple(warnings))
