"""The kept folder of a generated base: its server, its keys, its shape."""

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jalon.commands.django_setup import setup
from jalon.core.errors import DomainError
from jalon_sandbox import embedded_postgres
from jalon_sandbox.embedded_postgres import Server
from jalon_sandbox.keys import KEPT, keys_of
from jalon_sandbox.load.filling import Loaded, Say, fill
from jalon_sandbox.load.volume import Shape
from jalon_sandbox.supervisor import House, stop_on_signals

DATABASE: Final = "jalon"
SHAPE: Final = "load.json"
JALON: Final = str(Path(sys.executable).with_name("jalon"))


@dataclass(frozen=True)
class Kept:
    """An open base."""

    server: Server
    shape: Shape

    def fill(self, people: int, bodies: int = 1, say: Say = print) -> Loaded:
        """Up to so many people in each managing body."""
        with self.server.connect(DATABASE) as superuser:
            return fill(superuser, self.shape, people=people, bodies=bodies, say=say)


@contextlib.contextmanager
def kept(data: Path, shape: Shape | None = None) -> Iterator[Kept]:
    """The base of this folder, made if need be with the story of the demonstration; Django is set on it.

    Raises DomainError `not_a_load_base` for a folder that neither this nor the demonstration made, and
    `load_shape` when the base was begun with another shape.
    """
    _refuse_others(data)
    data.mkdir(parents=True, exist_ok=True)
    stop_on_signals()
    house = House()
    try:
        # `fast` leaves the disk out: a commit that waits for it would flatter every ratio.
        server = embedded_postgres.start(house, data / "pg", fast=True)
        embedded_postgres.create_database(server, DATABASE)
        set_on(server, DATABASE, data, keys_of(data))
        tell_story()
        yield Kept(server, shape_of(data, shape))
    finally:
        house.close()


def _refuse_others(data: Path) -> None:
    if data.exists() and any(data.iterdir()) and not (data / KEPT).exists():
        raise DomainError(
            f"{data} n’est ni une base d’essai, ni une démonstration. Nommez un autre dossier avec --data.",
            code="not_a_load_base",
        )


def shape_of(data: Path, asked: Shape | None) -> Shape:
    """The shape that this base was begun with; the one asked for when it begins."""
    file = data / SHAPE
    if not file.exists():
        began = replace(asked or Shape(), day=_today().isoformat())
        file.write_text(json.dumps(began.as_json()), "utf-8")
    known = Shape(**json.loads(file.read_text("utf-8")))
    if asked and replace(asked, day=known.day) != known:
        raise DomainError(
            "Cette base a été commencée avec d’autres quantités par personne. Reprenez les mêmes, ou "
            "nommez un autre dossier avec --data.",
            code="load_shape",
        )
    return known


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011  the visitor's own day


def set_on(server: Server, database: str, data: Path, keys: dict[str, str]) -> None:
    """This process, and the commands it starts, on this database, migrated, as the application."""
    os.environ.update(
        keys,
        JALON_MODE="demo",
        JALON_VAR=str(data),
        DATABASE_URL=server.url(database),
        DJANGO_SETTINGS_MODULE="jalon.config.settings",
    )
    subprocess.run([JALON, "migrate"], check=True)  # noqa: S603  our own command, with the owner's role
    setup()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def tell_story() -> None:
    """The demonstration, in a base where nobody is."""
    from django.utils import timezone

    from jalon.organizations.models import ManagingBody
    from jalon_sandbox.demo.build import build
    from jalon_sandbox.demo.population import population

    if not ManagingBody.objects.exists():
        build(population(timezone.localdate()), timezone.now(), _silent)


def _silent(_: Any) -> None:
    """The story is told to nobody."""
