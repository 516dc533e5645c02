"""`jalon support`: what to send to whoever helps, without anybody's data."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from jalon.commands.context import connect
from jalon.commands.safety import source_of


def support(
    out: Annotated[Path, typer.Option("--out", help="Fichier à écrire.")] = Path("jalon-support.json"),
) -> None:
    """Écrit versions, réglages sans secret, comptes, tâches en retard : aucune donnée de personne."""
    connect()
    from django.utils import timezone

    from jalon.operations.support import bundle

    with closing(source_of().connect()) as reader:
        found = bundle(reader, timezone.now())
    out.write_text(json.dumps(found, ensure_ascii=False, default=str, indent=2), "utf-8")
    print(f"{out} : relisez-le avant de l’envoyer.")
