"""`jalon sandbox`: the simulators of the national services, until they are stopped."""

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Annotated

import typer

from jalon.gateways.common.tls import write_private
from jalon_sandbox.services import running
from jalon_sandbox.supervisor import stop_on_signals


def sandbox(
    folder: Annotated[Path, typer.Option(help="Dossier des certificats et des personnes connues.")] = Path(
        "var/sandbox"
    ),
    public_url: Annotated[
        str, typer.Option(help="Adresse des écrans, pour le retour de Pro Santé Connect.")
    ] = "http://localhost:8000",
) -> None:
    """Lance les simulateurs des services nationaux (jamais hors démonstration et tests)."""
    stop_on_signals()
    with running(folder.resolve(), public_url) as environment:
        ready = folder / "environment.json"
        # Written whole or not at all: whoever waits for it reads it at once.
        part = ready.with_suffix(".part")
        write_private(part, json.dumps(environment).encode())
        os.replace(part, ready)  # noqa: PTH105  atomic
        print(f"Bac à sable prêt : {len(environment)} réglages dans {ready}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
        ready.unlink(missing_ok=True)
