"""Whether a restored base is whole: each document has its bytes, each chain of accesses is unbroken."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from cryptography.exceptions import InvalidTag
from psycopg import sql

from jalon.db.encryption import decrypt
from jalon.operations.backup import copied

# A column that names kept bytes ends so, in every table: the convention of the models.
REFERENCES: Final = """
select c.table_name, c.column_name from information_schema.columns c
join information_schema.columns b using (table_schema, table_name)
where table_schema = 'public' and c.column_name like '%sha256' and b.column_name = 'managing_body_id'"""
TABLES: Final = "select tablename from pg_tables where schemaname = 'public' order by 1"
# Whatever the order of the rows, and without holding them.
PRINT: Final[LiteralString] = (
    "select count(*), coalesce(sum(hashtextextended(one::text, 0)::numeric), 0) from {} one"
)
LAST: Final = "select pg_last_xact_replay_timestamp()"


@dataclass
class Found:
    """What the restored base holds, and what it lacks: hashes only, no name."""

    tables: int = 0
    documents: int = 0
    last_write: dt.datetime | None = None
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [
            *(f"le document {one} n’a pas ses octets" for one in self.missing),
            *(f"le document {one} est altéré" for one in self.altered),
            *self.broken,
        ]


def prints(connection: psycopg.Connection[Any]) -> dict[str, tuple[int, int]]:
    """Table → its number of rows, and a fingerprint of them in any order."""
    names = [name for (name,) in connection.execute(TABLES).fetchall()]
    found = {}
    for name in names:
        row = connection.execute(sql.SQL(PRINT).format(sql.Identifier(name))).fetchone()
        found[name] = (int(row[0]), int(row[1])) if row else (0, 0)
    return found


def references(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """`body/first/hash` of everything that a row names, once each."""
    seen: set[tuple[uuid.UUID, str]] = set()
    for table, column in connection.execute(REFERENCES).fetchall():
        query = sql.SQL("select distinct managing_body_id, {0} from {1} where {0} <> ''")
        rows = connection.execute(query.format(sql.Identifier(column), sql.Identifier(table)))
        seen.update((body, digest) for body, digest in rows)
    return (f"{body}/{digest[:2]}/{digest}" for body, digest in sorted(seen))


def bring(connection: psycopg.Connection[Any], kept: Path, files: Path, found: Found) -> None:
    """Copy each document that a row names, and no other, and read it as the product would."""
    for name in references(connection):
        found.documents += 1
        place = files / name
        if not (kept / name).exists():
            found.missing.append(place.name)
            continue
        place.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        copied(kept / name, place)
        if not _sound(place, name):
            found.altered.append(place.name)


def _sound(place: Path, name: str) -> bool:
    try:
        clear = decrypt(place.read_bytes(), context=name)
    except (InvalidTag, KeyError):
        return False
    return hashlib.sha256(clear).hexdigest() == place.name


def look(connection: psycopg.Connection[Any], kept: Path, files: Path) -> Found:
    """Read the whole of a restored base and bring its documents."""
    found = Found(tables=len(prints(connection)))
    row = connection.execute(LAST).fetchone()
    found.last_write = row[0] if row else None
    bring(connection, kept, files, found)
    return found
