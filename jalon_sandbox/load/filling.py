"""Fill a base up to so many people: what is there stays, the rest is added, a batch a transaction."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeVar

import psycopg

from jalon.core.errors import DomainError
from jalon_sandbox.load.homes import rows_of_house
from jalon_sandbox.load.lives import rows_of
from jalon_sandbox.load.people import someone
from jalon_sandbox.load.sheets import SHEETS
from jalon_sandbox.load.volume import MARK, Home, Shape, homes, luhn
from jalon_sandbox.load.writing import Table, broken_keys

BATCH: Final = 500  # people of a transaction
HOUSES: Final = 200  # houses of a transaction
MANY: Final = 1_000  # people from which indexes are made again rather than kept up
LEAVE_INDEXES: Final = (
    "update pg_index set indisready = false, indisvalid = false where indrelid = any(%s::regclass[])"
)
LEFT: Final = "select distinct indrelid::regclass::text from pg_index where not indisvalid"
Say = Callable[[str], None]
Row = tuple[str, tuple[Any, ...]]


@dataclass
class Loaded:
    """What was added, by table, and how long it took."""

    people: int = 0
    rows: int = 0
    seconds: float = 0
    tables: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def speed(self) -> int:
        """Rows a second, histories and entries included, indexes and checks too."""
        return round(self.rows / self.seconds) if self.seconds else 0


class Filler:
    """The tables of one connection, and what was put in them."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("set session_replication_role = replica")
        self.connection, self.loaded = connection, Loaded()
        self.tables = {name: Table(sheet, connection) for name, sheet in SHEETS.items()}

    @property
    def names(self) -> list[str]:
        """Every table that is written to."""
        histories = [one.history._meta.db_table for one in self.tables.values() if one.history]
        return sorted({"audit_entry", *(one.name for one in self.tables.values()), *histories})

    def write(self, rows: Iterable[Row]) -> None:
        """These rows, in one transaction."""
        sorted_rows = defaultdict(list)
        for sheet, row in rows:
            sorted_rows[sheet].append(row)
        with self.connection.transaction():
            for sheet in SHEETS:
                if sorted_rows[sheet]:
                    self.loaded.tables[sheet] += len(sorted_rows[sheet])
                    self.loaded.rows += self.tables[sheet].write(sorted_rows[sheet])


def fill(
    connection: psycopg.Connection[Any], shape: Shape, *, people: int, bodies: int = 1, say: Say = print
) -> Loaded:
    """`people` in each of the first `bodies` managing bodies, those there included.

    `connection` is a superuser's, in autocommit. Raises DomainError `not_a_load_base`, `load_keys`.
    """
    started = time.monotonic()
    _refuse_others(connection)
    filler = Filler(connection)
    wanted = [(body, rank, _missing(connection, body, people)) for rank, body in _bodies(connection, bodies)]
    if sum(len(numbers) for *_, numbers in wanted) >= MANY:
        connection.execute(LEAVE_INDEXES, [filler.names])
    for body, rank, numbers in wanted:
        _fill_body(filler, shape, body, rank, numbers, say)
    _settle(filler, say)
    filler.loaded.seconds = time.monotonic() - started
    return filler.loaded


def _refuse_others(connection: psycopg.Connection[Any]) -> None:
    """Fictional people go among fictional people: department 99 has no establishment."""
    found = connection.execute("select name from organizations_managingbody where finess !~ '^99'").fetchone()
    if found:
        raise DomainError(
            f"Cette base tient « {found[0]} » : elle n’est ni une démonstration, ni une base d’essai. "
            "Rien n’y est ajouté.",
            code="not_a_load_base",
        )


def _bodies(connection: psycopg.Connection[Any], count: int) -> Iterator[tuple[int, str]]:
    """Rank and key of the managing bodies, the oldest first; those that lack are made."""
    found = connection.execute("select id::text from organizations_managingbody order by id").fetchall()
    for rank in range(len(found), count):
        from uuid_utils.compat import uuid7

        row = (str(uuid7()), f"Association d’essai n° {rank + 1}", luhn(f"990001{rank:02}"))
        connection.execute(
            "insert into organizations_managingbody (id, name, finess) values (%s, %s, %s)", row
        )
        found.append(row)
    yield from ((rank, one[0]) for rank, one in enumerate(found[:count]))


def _missing(connection: psycopg.Connection[Any], body: str, people: int) -> range:
    """The numbers to be added to this body: a batch that was cut left nobody, hence no hole."""
    asked = (
        "select count(*), count(*) filter (where key like %s) from people_person where managing_body_id = %s"
    )
    there, made = connection.execute(asked, [f"3{MARK}%", body]).fetchone() or (0, 0)
    return range(made, made + max(0, people - there))


def _fill_body(filler: Filler, shape: Shape, body: str, rank: int, numbers: range, say: Say) -> None:
    filler.connection.execute("select set_config('jalon.managing_body', %s, false)", [body])
    known = {
        finess
        for (finess,) in filler.connection.execute(
            "select finess from organizations_establishment where managing_body_id = %s", [body]
        )
    }
    needed = (Home(rank, one) for one in homes(shape, rank, numbers.stop)) if numbers else ()
    for some in _batches((one for one in needed if one.finess not in known), HOUSES):
        filler.write(row for home in some for row in rows_of_house(shape, home, body))
    for some_numbers in _batches(numbers, BATCH):
        filler.write(row for number in some_numbers for row in rows_of(shape, someone(shape, rank, number)))
        filler.loaded.people += len(some_numbers)
        if filler.loaded.people % (20 * BATCH) == 0:
            say(f"{filler.loaded.people} personnes, {filler.loaded.rows} lignes")


T = TypeVar("T")


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some


def _settle(filler: Filler, say: Say) -> None:
    """Indexes that were left are made again, which tells what should be unique and is not."""
    for (table,) in filler.connection.execute(LEFT).fetchall():
        filler.connection.execute(f"reindex table {table}")
    filler.connection.execute("vacuum analyze")  # a base just made has no statistics yet
    if not filler.loaded.rows:
        return
    say(f"{filler.loaded.rows} lignes écrites, index faits")
    if broken := broken_keys(filler.connection, filler.names):
        raise DomainError(f"Des clés ne mènent nulle part : {', '.join(broken)}.", code="load_keys")
