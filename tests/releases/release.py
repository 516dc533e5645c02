"""A released version, as its fixture holds it: migrations applied, rows, what its records gave to a transfer.

Three files a release, in a folder named after it, written once by `tools/release_fixture.py`:

- `migrations.json`: [app, name, SHA-256 of the file, or null when the migration is another project's];
- `rows.copy.xz`: for each table its columns (a JSON line), then its rows as `COPY … TO STDOUT`, then `\\.`;
- `exports.jsonl.xz`: one Bundle a line, as `jalon tddui export --all` wrote them, in the canonical form.
"""

import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

END = "\\."


@dataclass(frozen=True)
class Table:
    """The rows of a table, as text: one line a row, in the order of `columns`."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[str, ...]


def canonical(bundle: dict[str, Any]) -> str:
    """A Bundle as one line that does not depend on the order of its entries nor of its fields."""
    entries = sorted(json.dumps(entry, sort_keys=True, ensure_ascii=False) for entry in bundle["entry"])
    return json.dumps(bundle | {"entry": entries}, sort_keys=True, ensure_ascii=False)


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Release:
    """The folder of a released version."""

    folder: Path

    def migrations(self) -> list[tuple[str, str, str | None]]:
        """(app, name, fingerprint of the file when it is ours), in the order they were applied."""
        applied = json.loads((self.folder / "migrations.json").read_text("utf-8"))
        return [(app, name, digest) for app, name, digest in applied]

    def tables(self) -> Iterator[Table]:
        """Each table with its rows."""
        lines = iter(_unpacked(self.folder / "rows.copy.xz"))
        for head in lines:
            name, *columns = json.loads(head)
            yield Table(name, tuple(columns), tuple(iter(lines.__next__, END)))

    def exports(self) -> list[str]:
        """What each record gave, sorted."""
        return sorted(_unpacked(self.folder / "exports.jsonl.xz"))

    def write(
        self, migrations: list[tuple[str, str, str | None]], tables: list[Table], exports: list[str]
    ) -> None:
        """Write the three files of a release that has none."""
        self.folder.mkdir(parents=True)
        rows = (json.dumps(applied) for applied in migrations)
        (self.folder / "migrations.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", "utf-8")
        text = (line for each in tables for line in (_head(each), *each.lines, END))
        _pack(self.folder / "rows.copy.xz", text)
        _pack(self.folder / "exports.jsonl.xz", exports)


def _head(table: Table) -> str:
    return json.dumps([table.name, *table.columns])


def _unpacked(file: Path) -> list[str]:
    # Not splitlines: a note may hold separators that Python takes for ends of lines and COPY does not.
    return lzma.decompress(file.read_bytes()).decode().removesuffix("\n").split("\n")


def _pack(file: Path, lines: Iterator[str] | list[str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
