"""The steps of a transfer, each timed by the processor: what a file costs, and where."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

STEPS = {
    "bytes": "octets lus",
    "bundle": "forme du Bundle",
    "references": "références",
    "rules": "schéma R4, règles de FHIR et des profils",
    "mapping": "clés et classes",
    "rows": "identité, lignes, historique, journal",
}


class Clock:
    """Processor seconds by step, of this process and of the server's, told apart from the wall."""

    def __init__(self, server: Callable[[], float]) -> None:
        self.server = server
        self.spent: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add what passes inside to this step."""
        start = time.process_time() + self.server()
        yield
        self.spent[name] = self.spent.get(name, 0.0) + time.process_time() + self.server() - start

    @property
    def total(self) -> float:
        return sum(self.spent.values())


def read_by_steps(file: bytes, clock: Clock) -> Any:
    """What `jalon.formats.tddui.read` does, a step at a time; the Transfer."""
    from jalon.formats.fhir import LIMIT, days_exist, parse
    from jalon.formats.tddui.assembly import assemble
    from jalon.formats.tddui.bundle import entries, find_references
    from jalon.formats.tddui.reader import name_entries
    from jalon.formats.tddui.rules import check

    with clock.step("bytes"):
        root = parse(file, limit=LIMIT)
    with clock.step("bundle"):
        found, problems = entries(root, dated=days_exist(file))
    with clock.step("references"):
        lost = list(find_references(found))
    with clock.step("rules"):
        problems += check(found, lost)
    with clock.step("mapping"):
        problems += name_entries(found)
        return assemble(found, tuple(problems))


def entries_of(files: Sequence[bytes]) -> int:
    """How many resources these files hold."""
    return sum(len(orjson.loads(file)["entry"]) for file in files)
