"""What commands share: the database they speak to, the managing body they act in, how they answer."""

import contextlib
import json
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.django_setup import setup

RUNNING_DEMO = "environment.json"
AsJson = Annotated[bool, typer.Option("--json", help="Réponse en JSON.")]
Body = Annotated[str, typer.Option("--body", help="FINESS juridique de l’organisme, s’il y en a plusieurs.")]


def connect() -> None:
    """Start Django on DATABASE_URL, or on the demonstration running in this folder."""
    if not {"DATABASE_URL", "JALON_GROUPS"} & os.environ.keys():
        demo = Path(os.environ.get("JALON_VAR", "var/demo")) / RUNNING_DEMO
        if not demo.exists():
            print(
                "Aucune base : réglez DATABASE_URL, ou lancez la démonstration (`make demo`).",
                file=sys.stderr,
            )
            raise SystemExit(2)
        os.environ.update(json.loads(demo.read_text("utf-8")))
    setup()


@contextlib.contextmanager
def inside(finess: str = "", *, create: bool = False) -> Iterator[uuid.UUID]:
    """One transaction in a managing body: the one named, or the only one, which `create` makes if need be."""
    from jalon.core.errors import DomainError
    from jalon.db.tenant import tenant
    from jalon.organizations.models import ManagingBody

    found = list(ManagingBody.objects.filter(**({"finess": finess} if finess else {})).order_by("pk")[:2])
    if not found and create:
        found = [ManagingBody.objects.create(name="Organisme gestionnaire", finess=finess or "000000000")]
    if len(found) != 1:
        problem = (
            "Plusieurs organismes : nommez-le avec --body." if found else "Cet organisme n’est pas connu."
        )
        raise DomainError(problem, code="which_body")
    with tenant(found[0].pk):
        yield found[0].pk


def answer(value: Any, lines: list[str], *, as_json: bool) -> None:
    """Print JSON for programs, or sentences for people."""
    print(json.dumps(value, ensure_ascii=False, default=str, indent=2) if as_json else "\n".join(lines))


def read_file(path: Path) -> bytes:
    """The bytes of a file named by the user; misuse (exit 2) when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        print(f"{path} : ce fichier ne peut pas être lu ({error.strerror}).", file=sys.stderr)
        raise SystemExit(2) from error
