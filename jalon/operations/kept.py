"""The folder of backups: bases, journals of the database, documents, and what was proved of them.

base/20261129T011500Z/   a base whole when its name appears: the name is the moment it was whole, in UTC
wal/                     every journal since, as `pg_receivewal` writes them
files/                   documents, as they are at rest: encrypted, named by their hash
seals.log                the heads of the chain of accesses
proved.json              the last restoring that was checked
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from jalon.core.errors import DomainError

NAME: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Proof:
    """A restoring that was checked: when, of which base, to where, and what it found."""

    at: dt.datetime
    base: str
    last_write: dt.datetime | None
    seconds: float
    tables: int
    documents: int


@dataclass(frozen=True)
class Kept:
    """The folder of backups of a site."""

    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def seals(self) -> Path:
        return self.folder / "seals.log"

    def place(self, name: str) -> Path:
        return self.folder / "base" / name

    def open(self) -> None:
        """Make what is missing, for its owner alone."""
        for part in (self.folder, self.wal, self.files, self.folder / "base"):
            part.mkdir(parents=True, mode=0o700, exist_ok=True)

    def bases(self) -> list[str]:
        """Names of the bases that are whole, oldest first."""
        return sorted(path.name for path in (self.folder / "base").glob("*Z"))

    def before(self, moment: dt.datetime | None) -> str:
        """The last base that was whole at `moment` (None: the last). DomainError when there is none."""
        found = [name for name in self.bases() if moment is None or moment_of(name) <= moment]
        if not found:
            raise DomainError(
                f"Aucune sauvegarde n’est antérieure à ce moment dans {self.folder}.", code="no_base"
            )
        return found[-1]

    def prove(self, proof: Proof) -> None:
        """Keep what was proved, in place of the former proof."""
        beside = self.folder / ".proved.json"
        beside.write_text(json.dumps(asdict(proof), default=dt.datetime.isoformat), "utf-8")
        beside.replace(self.folder / "proved.json")

    def proved(self) -> Proof | None:
        """The last proof, or None."""
        try:
            told = json.loads((self.folder / "proved.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        moment: Callable[[str], dt.datetime] = dt.datetime.fromisoformat
        last = told["last_write"]
        return Proof(**told | {"at": moment(told["at"]), "last_write": moment(last) if last else None})


def name_at(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime(NAME)


def moment_of(name: str) -> dt.datetime:
    return dt.datetime.strptime(name, NAME).replace(tzinfo=dt.UTC)
