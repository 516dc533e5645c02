"""`jalon bench NAME`: ratios measured in one run, with what was measured and on what; never a timed test."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from jalon.commands.context import AsJson, answer
from jalon_sandbox.bench.report import Options, Report, conditions

Bench = Callable[[Options], Report]
WORDS = "dossier, lists, load, search, soak, indicators, tddui ou cda."


def _benches() -> dict[str, Bench]:
    """Imported when asked for: most need Django, set on a base of their own."""
    from jalon_sandbox.bench import cda, dossier, indicators, lists, load, search, soak, tddui

    return {
        "dossier": dossier.run,
        "lists": lists.run,
        "load": load.run,
        "search": search.run,
        "soak": soak.run,
        "indicators": indicators.run,
        "tddui": tddui.run,
        "cda": cda.run,
    }


def bench(
    name: Annotated[str, typer.Argument(help=WORDS)],
    seconds: Annotated[float, typer.Option("--seconds", help="Durée de chaque mesure.")] = 10,
    records: Annotated[int, typer.Option("--records", help="Dossiers à atteindre.")] = 0,
    here: Annotated[bool, typer.Option("--here", help="Sur la base réglée, ou la démonstration.")] = False,
    account: Annotated[str, typer.Option("--account", help="Compte qui ouvre les dossiers.")] = "",
    data: Annotated[Path, typer.Option("--data", help="Dossier de la base, gardé.")] = Path("var/bench"),
    as_json: AsJson = False,
) -> None:
    """Mesure une vitesse, en rapports pris dans une même exécution."""
    benches = _benches()
    if name not in benches:
        raise typer.BadParameter(f"les mesures connues sont : {', '.join(benches)}")
    if here and records:
        raise typer.BadParameter("--here mesure la base telle qu’elle est, sans --records")
    report = benches[name](Options(seconds, records, here, account, data.resolve()))
    report.conditions = conditions() | report.conditions
    answer(report.as_json(), report.sentences(), as_json=as_json)
