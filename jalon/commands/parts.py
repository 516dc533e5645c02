"""The parts of the product, one by one: migrate, serve, worker, check."""

import json
import os
import subprocess
import sys
from typing import Annotated

import typer

from jalon.commands.context import connect
from jalon.commands.django_setup import as_owner, setup
from jalon.core.settings.table import settings_of


def migrate() -> None:
    """Crée ou met à jour la base, avec le rôle propriétaire."""
    setup()
    from django.core.management import call_command

    from jalon.db.hardening import harden
    from jalon.db.migrating import use_whole_migrations

    as_owner()
    use_whole_migrations()
    call_command("migrate", verbosity=0, interactive=False)
    harden()


def serve(
    host: Annotated[str, typer.Option(help="Adresse d’écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processus.")] = 2,
) -> None:
    """Sert les écrans (granian, WSGI)."""
    settings_of(os.environ)  # refused here, once, and not by each process of the server
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "2",
        "--no-ws",
        "--log-level",
        "warning",
        "jalon.config.wsgi:application",
    ]
    raise SystemExit(subprocess.call(command))  # noqa: S603  our own command


def worker(
    once: Annotated[bool, typer.Option("--once", help="S’arrête quand plus rien n’attend.")] = False,
) -> None:
    """Exécute les tâches : envois, réceptions, scellement des traces."""
    connect()
    from jalon.exchange.worker import run

    run(once=once)


def check(as_json: Annotated[bool, typer.Option("--json", help="Sortie JSON.")] = False) -> None:
    """Vérifie les réglages et la base : refuse de démarrer ce qui serait dangereux."""
    setup()
    from django.core.management import call_command

    from jalon.commands.checks import problems

    call_command("check", "--deploy", "--fail-level", "ERROR")
    found = problems()
    print(
        json.dumps({"problems": found}, ensure_ascii=False)
        if as_json
        else "\n".join(found) or "Tout est en ordre."
    )
    raise SystemExit(1 if found else 0)
