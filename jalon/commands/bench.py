"""`jalon bench NAME`: ratios measured in one run, with what was measured and on what; never a timed test."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.context import AsJson, answer

PACKAGES = ("django", "psycopg", "jinja2", "lxml", "xmlsec", "orjson")


@dataclass(frozen=True)
class Options:
    """How a benchmark is asked to run: for how long, on which base."""

    seconds: float
    size: str
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


Bench = Callable[[Options], Report]


def _benches() -> dict[str, Bench]:
    """Imported when asked for: most need Django, set on a base of their own."""
    from jalon.commands import bench_cda, bench_dossier

    return {"dossier": bench_dossier.run, "cda": bench_cda.run}


def bench(
    name: Annotated[str, typer.Argument(help="dossier ou cda.")],
    seconds: Annotated[float, typer.Option("--seconds", help="Durée de chaque mesure.")] = 10,
    size: Annotated[str, typer.Option("--size", help="Démonstration : small ou large.")] = "small",
    records: Annotated[int, typer.Option("--records", help="Dossiers à atteindre, par copie.")] = 0,
    here: Annotated[bool, typer.Option("--here", help="Sur la base réglée, ou la démonstration.")] = False,
    account: Annotated[str, typer.Option("--account", help="Compte qui ouvre les dossiers.")] = "",
    data: Annotated[Path, typer.Option("--data", help="Dossier de la base jetable.")] = Path("var/bench"),
    as_json: AsJson = False,
) -> None:
    """Mesure une vitesse, en rapports pris dans une même exécution."""
    benches = _benches()
    if name not in benches:
        raise typer.BadParameter(f"les mesures connues sont : {', '.join(benches)}")
    if here and (records or size != "small"):
        raise typer.BadParameter("--here mesure la base telle qu’elle est, sans --size ni --records")
    report = benches[name](Options(seconds, size, records, here, account, data.resolve()))
    report.conditions = conditions() | report.conditions
    answer(report.as_json(), report.sentences(), as_json=as_json)


def conditions() -> dict[str, Any]:
    """On what it was measured: a ratio travels, a figure does not."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
