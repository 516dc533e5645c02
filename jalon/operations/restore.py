"""A restoring from end to end: laid out, played again, looked at, and proved when nothing is missing."""

import contextlib
import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection

from jalon.audit.models import Seal
from jalon.audit.queries import heads_kept, verify_chain
from jalon.db.groups import is_served
from jalon.db.tenant import tenant
from jalon.operations.integrity import Found, look
from jalon.operations.kept import Kept, Proof
from jalon.operations.programs import Programs
from jalon.operations.restoring import Door, Restored, Target, lay_out, recovered
from jalon.operations.upgrading import is_ours
from jalon.organizations.models import ManagingBody

APPLICATION: Final = "jalon_app"


@dataclass(frozen=True)
class Names:
    """What the restored database and its reading role are called."""

    database: str
    backup: str


@dataclass(frozen=True)
class Outcome:
    """What was restored, what was found there, and how long it took (seconds)."""

    restored: Restored
    found: Found
    seconds: float


def restore(kept: Kept, into: Path, programs: Programs, names: Names, to: Target) -> Outcome:
    """Restore into a new folder, check all of it, and keep the proof when nothing is missing.

    Raises DomainError when the journals end before that, or when something would be overwritten.
    """
    started = time.monotonic()
    restored = lay_out(kept, into, to.base, programs)
    with recovered(restored, programs, to) as door:
        with door.connect(names.database, names.backup) as reader:
            found, ours = look(reader, kept.files, restored.files), is_ours(reader)
        if ours:  # a base of another version is read by its own software
            found.broken = broken_chains(door, names.database, restored.seals)
    seconds = time.monotonic() - started
    if not found.faults:
        kept.prove(
            Proof(
                at=dt.datetime.now(dt.UTC),
                base=restored.base,
                last_write=found.last_write,
                seconds=round(seconds, 1),
                tables=found.tables,
                documents=found.documents,
            )
        )
    return Outcome(restored, found, seconds)


def broken_chains(door: Door, database: str, seals: Path) -> list[str]:
    """Where the chain of accesses of a managing body breaks; heads kept after that moment are not asked."""
    with _reaching(door, database):
        bodies = list(ManagingBody.objects.order_by("pk").values_list("pk", "name"))
        problems = []
        for body, name in [one for one in bodies if is_served(one[0])]:
            with tenant(body):
                last = Seal.objects.order_by("-position").values_list("position", flat=True).first() or 0
                heads = {rank: head for rank, head in heads_kept(seals, body).items() if rank <= last}
                if problem := verify_chain(heads):
                    problems.append(f"{name} : {problem}")
    return problems


@contextlib.contextmanager
def _reaching(door: Door, database: str) -> Iterator[None]:
    """Point Django's connection at a recovered database, for the time of the block."""
    told = connection.settings_dict
    before = dict(told)
    options = {name: value for name, value in told["OPTIONS"].items() if name not in ("host", "port")}
    there = {"NAME": database, "USER": APPLICATION, "PASSWORD": "", "HOST": str(door.socket), "PORT": ""}
    connection.close()
    told.update(there, OPTIONS=options)
    try:
        yield
    finally:
        connection.close()
        told.update(before)
