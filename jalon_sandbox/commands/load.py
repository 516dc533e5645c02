"""`jalon load`: fictional people by the thousand in a kept base, by COPY, history included."""

from pathlib import Path
from typing import Annotated

import typer

from jalon.commands.context import AsJson, answer
from jalon_sandbox.load.volume import Shape

LIKE = Shape()


def load(
    people: Annotated[
        int, typer.Option(help="Personnes de chaque organisme, celles qui y sont comprises.")
    ] = 4_000,
    bodies: Annotated[int, typer.Option(help="Organismes gestionnaires.")] = 1,
    service: Annotated[int, typer.Option(help="Personnes du grand service de chacun.")] = LIKE.service,
    notes: Annotated[int, typer.Option(help="Transmissions par personne.")] = LIKE.notes,
    events: Annotated[int, typer.Option(help="Événements d’agenda par personne.")] = LIKE.events,
    openings: Annotated[int, typer.Option(help="Ouvertures tracées par personne.")] = LIKE.openings,
    plans: Annotated[float, typer.Option(help="Part des personnes qui ont un projet.")] = LIKE.plans,
    ins: Annotated[float, typer.Option(help="Part des personnes qui ont une INS de test.")] = LIKE.ins,
    months: Annotated[
        int, typer.Option(help="Mois passés que transmissions et agenda couvrent.")
    ] = LIKE.months,
    seed: Annotated[int, typer.Option(help="La même graine refait les mêmes personnes.")] = LIKE.seed,
    data: Annotated[Path, typer.Option(help="Dossier de la base, gardé et repris.")] = Path("var/load"),
    as_json: AsJson = False,
) -> None:
    """Remplit une base d’essai : ce qui y est reste, le reste est ajouté."""
    from jalon_sandbox.load.place import kept

    if people < 0 or bodies < 1:
        raise typer.BadParameter("il faut au moins un organisme, et un nombre de personnes")
    shape = Shape(seed, service, notes, events, openings, plans, ins, months)
    with kept(data.resolve(), shape) as base:
        loaded = base.fill(people, bodies, say=_say)
    told = {
        "people": loaded.people, "rows": loaded.rows, "seconds": round(loaded.seconds, 1),
        "rows_per_second": loaded.speed, "tables": dict(loaded.tables),
    }  # fmt: skip
    answer(
        told,
        [
            f"{loaded.people} personnes ajoutées : {loaded.rows} lignes en {loaded.seconds:.1f} s, "
            f"soit {loaded.speed} par seconde, historiques, journal, index et contrôle des clés compris."
        ],
        as_json=as_json,
    )


def _say(words: str) -> None:
    typer.echo(words, err=True)
