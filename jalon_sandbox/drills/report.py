"""What a drill is asked, and what it found."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAMILIES = ("mail", "xdm", "cda", "soap", "tddui", "forms")


@dataclass(frozen=True)
class Options:
    """How long, how much, and where its throw-away data go; 0 leaves the drill its own measure."""

    data: Path
    seconds: float = 0
    size: int = 0
    seed: int = 20261122
    target: str = ""  # the family of readers that is tried; all when empty
    start: int = 1  # the number of the first file: where a former campaign ended


@dataclass
class Report:
    """The figures of a drill, and what went against what the product promises."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def expect(self, held: bool, otherwise: str) -> None:
        """Note a fault unless the promise is held."""
        if not held:
            self.faults.append(otherwise)

    def as_json(self) -> dict[str, Any]:
        return {"drill": self.name, "figures": self.figures, "faults": self.faults}

    def sentences(self) -> list[str]:
        return [*self.lines, "", *(self.faults or ["Rien ne manque."])]
