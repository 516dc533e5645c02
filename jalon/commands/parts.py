"""The parts of the product, one by one: migrate, serve, worker, check."""

import json
import os
import sys
from typing import Annotated

import typer

from jalon.commands.context import connect
from jalon.commands.django_setup import as_owner, setup
from jalon.core.settings.table import settings_of

SERVER = ("--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "20", "--log-level", "warning")


def migrate() -> None:
    """Crée ou met à jour la base, avec le rôle propriétaire."""
    setup()
    from jalon.operations.upgrading import migrate as run

    as_owner()
    run()


def serve(
    host: Annotated[str, typer.Option(help="Adresse d’écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processus.")] = 2,
) -> None:
    """Sert les écrans (granian). Refuse de démarrer ce que `jalon check` refuse."""
    settings_of(os.environ)
    setup()
    from jalon.commands.checks import refuse_danger
    from jalon.faces.metrics import forget

    refuse_danger(host)
    forget()
    options = {"interface": "asginl", "http": "1", "host": host, "port": port, "workers": workers}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    sys.stdout.flush()
    command = [sys.executable, "-m", "granian", *words, *SERVER, "jalon.config.asgi:application"]
    # This process becomes the server: what stops it, stops the site.
    os.execv(sys.executable, command)  # noqa: S606  our own command


def worker(
    once: Annotated[bool, typer.Option("--once", help="S’arrête quand plus rien n’attend.")] = False,
) -> None:
    """Exécute les tâches : envois, réceptions, scellement des traces."""
    connect()
    from jalon.commands.checks import refuse_danger
    from jalon.exchange.worker import run

    refuse_danger()
    run(once=once)


def check(as_json: Annotated[bool, typer.Option("--json", help="Sortie JSON.")] = False) -> None:
    """Vérifie les réglages et la base : ce que `jalon serve` et `jalon worker` refuseraient."""
    setup()
    from jalon.commands.checks import problems

    found = problems()
    print(
        json.dumps({"problems": found}, ensure_ascii=False)
        if as_json
        else "\n".join(found) or "Tout est en ordre."
    )
    raise SystemExit(1 if found else 0)
