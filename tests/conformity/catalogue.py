"""The requirements, read from `conformity/requirements`, and what is wrong with the files themselves."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ["id", "wave", "source", "nature", "profile", "summary", "status", "note"]
STATUSES = ("covered", "partial", "manual", "out_of_scope", "planned")
PAGE = re.compile(r"docs/[\w./-]+\.md")


@dataclass(frozen=True)
class Requirement:
    """One row: the text in our own words, and where we stand. `status` is what a person wrote."""

    id: str
    wave: str
    source: str
    nature: str
    profile: str
    summary: str
    status: str
    note: str


@dataclass(frozen=True)
class Family:
    """One file of the index: a title, and its rows in the order of the file."""

    reference: str
    title: str
    rows: tuple[Requirement, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every family, in the order of the index."""

    families: tuple[Family, ...]

    def rows(self) -> Iterator[Requirement]:
        """Every requirement, family after family."""
        for family in self.families:
            yield from family.rows

    def ids(self) -> frozenset[str]:
        """Every known identifier."""
        return frozenset(row.id for row in self.rows())


def load(folder: Path) -> Catalogue:
    """Read the index of `folder` and the files it names.

    Raises ValueError when a file has other columns, OSError when one is missing.
    """
    families = []
    for entry in _read(folder / "index.csv", ["file", "reference", "title"]):
        rows = _read(folder / entry["file"], COLUMNS)
        families.append(Family(entry["reference"], entry["title"], tuple(Requirement(**row) for row in rows)))
    return Catalogue(tuple(families))


def _read(path: Path, columns: list[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter=";")
        if reader.fieldnames != columns:
            raise ValueError(f"{path.name}: columns are {reader.fieldnames}, expected {columns}")
        rows = list(reader)
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(
                f"{path.name}: row {row['id' if 'id' in columns else 'file']} is not {len(columns)} cells"
            )
    return rows


def mistakes(catalogue: Catalogue, *, root: Path) -> list[str]:
    """What is wrong with the rows by themselves, whatever the tests say. `root` holds the `docs` folder."""
    found: list[str] = []
    seen: set[str] = set()
    for row in catalogue.rows():
        if row.id in seen:
            found.append(f"{row.id}: two rows")
        seen.add(row.id)
        found += [f"{row.id}: {mistake}" for mistake in _row_mistakes(row, root)]
    return found


def _row_mistakes(row: Requirement, root: Path) -> Iterator[str]:
    if row.status not in STATUSES:
        yield f"unknown status {row.status!r}"
    if not row.summary.strip():
        yield "no summary"
    if row.status == "out_of_scope" and not row.note.strip():
        yield "out of scope without a note"
    if row.status == "manual" and not _names_a_page(row.note, root):
        yield "manual without an existing page of docs/ in its note"


def _names_a_page(note: str, root: Path) -> bool:
    pages = PAGE.findall(note)
    return bool(pages) and all((root / page).is_file() for page in pages)
