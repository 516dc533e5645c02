"""What a benchmark is asked, and what it tells: ratios with their bars, and on what they were measured."""

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("django", "psycopg", "jinja2", "lxml", "xmlsec", "orjson")


@dataclass(frozen=True)
class Options:
    """How a benchmark is asked to run: for how long, on which base."""

    seconds: float
    records: int
    here: bool
    account: str
    data: Path


@dataclass
class Report:
    """What a benchmark found. A bar is the least a ratio must be, or the most when `ceilings` names it."""

    name: str
    ratios: dict[str, float] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)
    ceilings: dict[str, float] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    conditions: dict[str, Any] = field(default_factory=dict)

    def held(self, name: str) -> bool:
        """Whether the figure of this name is on the right side of its bar."""
        value = self.value(name)
        floor, ceiling = self.floors.get(name), self.ceilings.get(name)
        return (floor is None or value >= floor) and (ceiling is None or value <= ceiling)

    def value(self, name: str) -> float:
        return float(self.ratios[name] if name in self.ratios else self.figures[name])

    def as_json(self) -> dict[str, Any]:
        bars = {**self.floors, **self.ceilings}
        return {
            "bench": self.name,
            "ratios": self.ratios,
            "figures": self.figures,
            "bars": {name: {"bar": bar, "held": self.held(name)} for name, bar in bars.items()},
            "conditions": self.conditions,
        }

    def sentences(self) -> list[str]:
        verdicts = [self._verdict(name) for name in (*self.floors, *self.ceilings)]
        where = ", ".join(f"{name} {value}" for name, value in self.conditions.items())
        return [*self.lines, "", *verdicts, "", where]

    def _verdict(self, name: str) -> str:
        bar, sign = (self.floors[name], "≥") if name in self.floors else (self.ceilings[name], "≤")
        verdict = "tenue" if self.held(name) else "NON TENUE"
        return f"{name} : {self.value(name):g} (barre {sign} {bar:g}, {verdict})"


def conditions() -> dict[str, Any]:
    """On what it was measured: a ratio travels, a figure does not."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
