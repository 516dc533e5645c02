"""A share of `jalon drill imports`: the worker dies while files come in, and what is left is the same."""

import random
from pathlib import Path

import orjson

from jalon_sandbox.bench.letters import copies
from jalon_sandbox.drills import imports
from tests.exchange.transfer.files import sample
from tests.faults.conftest import FULL, told

KILLS = 4 if FULL else 1
FILES = 24 * KILLS


def test_an_import_whose_worker_dies_leaves_what_an_uninterrupted_one_leaves(
    database: str, tmp_path: Path
) -> None:
    imports.write(tmp_path / "files", list(copies([orjson.dumps(sample())], FILES)))
    report = imports.campaign(told(database), tmp_path, KILLS, random.Random(20261129))
    assert report.faults == []
    assert report.figures["files"] == FILES
