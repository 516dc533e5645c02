"""The offline TDDUI checker of the reference material, run on what Jalon writes."""

import shutil
import tempfile
from pathlib import Path

from tests.peers.tddui_check import check


def check_files(*files: Path) -> str:
    """The errors the checker finds, `""` if none."""
    with tempfile.TemporaryDirectory() as folder:
        for rank, file in enumerate(files):
            shutil.copyfile(file, Path(folder) / f"{rank}-{file.name}")
        return "\n".join(check(Path(folder)).errors)
