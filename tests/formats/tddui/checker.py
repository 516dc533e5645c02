"""The offline TDDUI checker of the reference material, run on what Jalon writes."""

import subprocess
from pathlib import Path

import pytest

from tests.support import PROJECT, SHARED

TOOL = PROJECT / "var/tddui_check"


def check_files(*files: Path) -> str:
    """The errors the checker finds, `""` if none. Skips when its packages are not installed under var/."""
    if not (TOOL / "node_modules").exists():
        pytest.skip(
            "le contrôleur TDDUI n’est pas installé : copier tools/tddui_check dans var/ puis npm install"
        )
    command: list[str | Path] = [
        "node",
        TOOL / "tddui_check.mjs",
        "--standards",
        SHARED / "standards",
        *files,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    lines = [line for line in done.stdout.splitlines() if line.lstrip().startswith("error")]
    return "\n".join(lines) or ("" if done.returncode == 0 else done.stdout + done.stderr)
