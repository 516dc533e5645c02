"""`jalon drill NAME`: a long campaign on throw-away data; exits 1 when something promised is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from jalon.commands.context import AsJson, answer
from jalon_sandbox.drills.report import FAMILIES, Options, Report

Drill = Callable[[Options], Report]
WORDS = {
    "kills": "travailleurs tués pendant des envois (--size : morts, 200)",
    "database": "base tuée ou redémarrée pendant des envois (--size : fois, 20)",
    "pause": "travailleur endormi, puis réveillé (--size : fois, 20)",
    "disk": "disque des documents plein (--size : fois, 20)",
    "full": "disque de la base plein (--size : fois, 20 ; en root)",
    "peers": "destination lente ou coupée pendant des envois (--size : fois, 20)",
    "fuzz": f"fichiers abîmés donnés aux lecteurs (--seconds : 3600 ; --target : {', '.join(FAMILIES)})",
    "volume": "pages et export avec beaucoup de dossiers (--size : dossiers, 10 000)",
    "failover": "base primaire tuée pendant des écritures, l’autre la remplace (--size : fois, 20)",
    "migration": "base changée sous des gens qui travaillent (--size : fois, 20)",
    "slow": "quatre personnes demandent un service qui répond en 8 s (--size : tours, 6)",
    "imports": "travailleurs tués pendant un import (--size : morts, 20)",
    "restore": "un DELETE, et la seconde d’avant retrouvée, documents compris (--size : fois, 20)",
}


def _drills() -> dict[str, Drill]:
    """Imported when asked for: most need Django, set on a base of their own."""
    from jalon_sandbox.drills import (
        database,
        disk,
        failover,
        full,
        fuzz,
        imports,
        kills,
        migration,
        pause,
        peers,
        restore,
        slow,
        volume,
    )

    return {
        "kills": kills.drill,
        "database": database.drill,
        "pause": pause.drill,
        "disk": disk.drill,
        "full": full.drill,
        "peers": peers.drill,
        "fuzz": fuzz.drill,
        "volume": volume.drill,
        "imports": imports.drill,
        "migration": migration.drill,
        "slow": slow.drill,
        "restore": restore.drill,
        "failover": failover.drill,
    }


def drill(
    name: Annotated[str, typer.Argument(help="L’exercice ; rien pour la liste.")] = "",
    seconds: Annotated[float, typer.Option("--seconds", help="Durée, pour fuzz.")] = 0,
    size: Annotated[int, typer.Option("--size", help="Combien de fois, ou de dossiers.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="La même graine refait le même exercice.")] = 20261122,
    target: Annotated[str, typer.Option("--target", help="Pour fuzz, la seule famille à essayer.")] = "",
    start: Annotated[int, typer.Option("--start", help="Pour fuzz, le numéro du premier fichier.")] = 1,
    data: Annotated[Path, typer.Option("--data", help="Dossier des données jetables.")] = Path("var/drill"),
    as_json: AsJson = False,
) -> None:
    """Lance un long exercice contre le produit, sur cette seule machine, et en lit les comptes."""
    if not name:
        answer(WORDS, [f"{known} : {words}" for known, words in WORDS.items()], as_json=as_json)
        return
    drills = _drills()
    if name not in drills:
        raise typer.BadParameter(f"les exercices connus sont : {', '.join(drills)}")
    if seconds < 0 or size < 0:
        raise typer.BadParameter("une durée et une taille ne sont pas négatives")
    if target not in ("", *FAMILIES):
        raise typer.BadParameter(f"les familles connues sont : {', '.join(FAMILIES)}")
    report = drills[name](Options(data.resolve(), seconds, size, seed, target, start))
    answer(report.as_json(), report.sentences(), as_json=as_json)
    raise typer.Exit(1 if report.faults else 0)
