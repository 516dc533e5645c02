"""The data folder: its manifest and its rows. The only module of the room that reads files."""

import csv
import gzip
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Entry:
    """What the manifest says of one list. `system` is set when its rows carry none of their own."""

    name: str
    kind: str
    file: str
    version: str
    entries: int
    sha256: str
    origin: str
    licence: str
    oid: str = ""
    url: str = ""
    system: str = ""


@cache
def manifest() -> tuple[Entry, ...]:
    """Every list of the house, in the order of the manifest."""
    with (DATA / "manifest.toml").open("rb") as file:
        return tuple(Entry(**{"version": "", **facts}) for facts in tomllib.load(file)["list"])


def rows(entry: Entry) -> Iterator[dict[str, str]]:
    """The rows of a list, as text."""
    path = DATA / entry.file
    packed = path.suffix == ".gz"
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="")
        if packed
        else path.open(encoding="utf-8", newline="") as file
    ):
        yield from csv.DictReader(file)


def entry_named(name: str) -> Entry:
    """The entry that has exactly this name. Raises KeyError."""
    for entry in manifest():
        if entry.name == name:
            return entry
    raise KeyError(f"no list named {name!r} in terminology/data/manifest.toml")
