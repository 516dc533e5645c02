"""What an import did."""

import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Edit:
    """A value that the file says otherwise than what is held here: `before`, here; `after`, in the file.

    `name`: the class of the object; `key`: its key; `person`: whose it is. The values of writings are left
    out (`""`): whoever imports may not be one who reads them.
    """

    name: str
    key: str
    person: str
    field: str
    before: str = ""
    after: str = ""


@dataclass
class Report:
    """Objects by class and outcome; `verbatim`: what is kept whole, by type; `notes`: sentences to read.

    `edits`: the values that were replaced; `decisions`: the strict traits that were not, and that a
    person must look at. `before`: by class, the rows written that no history keeps whole, by identifier: what
    they were, None when they were not.
    """

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    verbatim: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    records: list[uuid.UUID] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    decisions: list[Edit] = field(default_factory=list)
    before: dict[str, dict[str, Any]] = field(default_factory=dict)

    def count(self, outcome: str, name: str) -> None:
        counts = getattr(self, outcome)
        counts[name] = counts.get(name, 0) + 1

    def was(self, name: str, row: Any, before: Any) -> None:
        """Keep what a row was before it was first written."""
        self.before.setdefault(name, {}).setdefault(str(row.pk), before)

    def total(self, outcome: str) -> int:
        return sum(getattr(self, outcome).values())

    @property
    def nothing_changed(self) -> bool:
        return not self.created and not self.changed
