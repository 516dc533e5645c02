"""What an import did."""

import uuid
from dataclasses import dataclass, field


@dataclass
class Report:
    """Objects by class and outcome; `verbatim`: what is kept whole, by type; `notes`: sentences to read."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    verbatim: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    records: list[uuid.UUID] = field(default_factory=list)

    def count(self, outcome: str, name: str) -> None:
        counts = getattr(self, outcome)
        counts[name] = counts.get(name, 0) + 1

    def total(self, outcome: str) -> int:
        return sum(getattr(self, outcome).values())

    @property
    def nothing_changed(self) -> bool:
        return not self.created and not self.changed
