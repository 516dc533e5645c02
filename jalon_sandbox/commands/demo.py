"""`jalon demo`: PostgreSQL, sandbox, data, worker and web server under one supervisor; Ctrl-C stops all."""

import contextlib
import datetime as dt
import json
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import jalon
from jalon.commands.context import RUNNING_DEMO
from jalon_sandbox import embedded_postgres
from jalon_sandbox.demo import known
from jalon_sandbox.demo.population import Someone, population
from jalon_sandbox.demo.team import TEAM
from jalon_sandbox.keys import keys_of
from jalon_sandbox.server_place import forget
from jalon_sandbox.supervisor import House, stop_on_signals

console = Console(highlight=False)
JALON = str(Path(sys.executable).with_name("jalon"))
SIZES = {"small": 1, "large": 33}


def demo(
    size: Annotated[str, typer.Option(help="small (60 personnes) ou large (2 000).")] = "small",
    port: Annotated[int, typer.Option(help="Port des écrans ; 0 en prend un libre.")] = 8000,
    data: Annotated[Path, typer.Option(help="Dossier des données de la démonstration.")] = Path("var/demo"),
    once: Annotated[bool, typer.Option("--once", help="Prépare, lit la page d’accueil, s’arrête.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Repart d’une base neuve.")] = False,
) -> None:
    """Prépare et lance la démonstration : personnes fictives, services nationaux simulés."""
    if size not in SIZES:
        raise typer.BadParameter("la taille est « small » ou « large »")
    stop_on_signals()
    house = House()
    try:
        _run(house, data.resolve(), SIZES[size], _free_port(port), once=once, reset=reset)
    except KeyboardInterrupt:
        console.print("\nArrêt de la démonstration.")
    except PermissionError as refused:
        raise SystemExit(
            f"{refused.filename} : accès refusé. Ce dossier est-il à un autre utilisateur ? "
            "Nommez-en un autre avec --data."
        ) from refused
    finally:
        (data / RUNNING_DEMO).unlink(missing_ok=True)
        house.close()


def _free_port(wanted: int) -> int:
    """The port asked for, or the next free one: a demonstration does not fail because 8000 is taken."""
    for port in (wanted, *range(wanted + 1, wanted + 20), 0) if wanted else (0,):
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise SystemExit("Aucun port libre pour les écrans.")


def _run(house: House, data: Path, factor: int, port: int, *, once: bool, reset: bool) -> None:
    started = time.monotonic()
    address = f"http://localhost:{port}"
    if reset:
        forget(data / "pg")
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    server = embedded_postgres.start(house, data / "pg")
    embedded_postgres.create_database(server)
    _step("PostgreSQL")
    everybody = population(_story_day(data), factor)
    known.write(data / "sandbox", everybody)
    environment = _environment(data, server, address)
    ready = data / "sandbox/environment.json"
    ready.unlink(missing_ok=True)
    house.start(
        "bac à sable",
        [JALON, "sandbox", "--folder", str(data / "sandbox"), "--public-url", address],
        env=environment,
        replaced=False,  # its ports and its authority are drawn at each start: the others know these
    )
    _wait_for(house, ready)
    environment |= json.loads(ready.read_text("utf-8"))
    _step("services nationaux simulés")
    os.environ.update(environment)
    _share(data / RUNNING_DEMO, environment)
    _prepare(house, data, everybody, server.identity())
    house.start("écrans", [JALON, "serve", "--port", str(port)], env=environment)
    house.start("tâches", [JALON, "worker"], env=environment)
    _wait_for_page(house, f"{address}/compte/login/")
    _tell(address, time.monotonic() - started)
    if not once:
        house.wait(console.print)


def _share(file: Path, environment: dict[str, str]) -> None:
    """For the other commands run in this folder while the demonstration runs."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    names = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    file.write_text(
        json.dumps(
            {key: value for key, value in environment.items() if key in names or key.startswith("JALON_")}
        )
    )


def _step(what: str) -> None:
    console.print(f"  [green]✓[/] {what}")


def _story_day(data: Path) -> dt.date:
    """The day the story was written: people stay the same at later starts."""
    marker = data / "story-day"
    if not marker.exists():
        marker.write_text(dt.date.today().isoformat())  # noqa: DTZ011  the visitor's own day
    return dt.date.fromisoformat(marker.read_text())


def _environment(data: Path, server: embedded_postgres.Server, address: str) -> dict[str, str]:
    """Everything the parts need; the demonstration's own keys are drawn once and kept beside its data."""
    return {
        **os.environ,
        **keys_of(data),
        "JALON_MODE": "demo",
        "JALON_VAR": str(data),
        "JALON_PUBLIC_URL": address,
        "DATABASE_URL": server.url(),
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }


def _prepare(house: House, data: Path, everybody: list[Someone], database: str) -> None:
    """Migrate and collect the static files when they have changed; tell the story in a base without one.

    A story told is never touched again: what stands in the base is the visitor's.
    """
    from jalon.commands.django_setup import setup

    with _once(data / "prepared", f"{database} {_fingerprint()}") as needed:
        if needed:
            _make_base()
            _step("base et fichiers statiques")
    setup()
    from jalon_sandbox.demo.story import tell

    with _once(data / "told", database) as needed:
        if needed:
            tell(everybody, _step)


def _make_base() -> None:
    from jalon.commands.parts import migrate

    migrate()
    _back_to_application_role()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


@contextlib.contextmanager
def _once(marker: Path, of: str) -> Iterator[bool]:
    """Whether it is still to be done for this state; noted once done, and not if it fails."""
    needed = not marker.exists() or marker.read_text("utf-8") != of
    yield needed
    if needed:
        marker.write_text(of, "utf-8")


def _back_to_application_role() -> None:
    from django.conf import settings
    from django.db import connection

    connection.close()
    connection.settings_dict["USER"] = settings.DATABASES["default"]["USER"] = "jalon_app"


def _fingerprint() -> str:
    """Changes when a migration, a model (it says its privileges) or a static file does."""
    root = Path(jalon.__path__[0])
    tables = [*root.glob("*/migrations/*.py"), *root.glob("*/models.py"), root / "db/hardening.py"]
    files = [*tables, *root.glob("*/ui/**/*")]
    return str(max((file.stat().st_mtime_ns for file in files), default=0))


def _wait_for(house: House, file: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not file.exists():
        if (dead := house.dead()) or time.monotonic() > deadline:
            raise SystemExit(dead or f"{file.name} n’est pas apparu.")
        time.sleep(0.05)


def _wait_for_page(house: House, address: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  our own address, on loopback
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            raise SystemExit(f"La page d’accueil répond {error.code}.") from error
        except OSError as error:
            if (dead := house.dead()) or time.monotonic() > deadline:
                raise SystemExit(dead or "La page d’accueil ne répond pas.") from error
            time.sleep(0.1)


def _tell(address: str, seconds: float) -> None:
    roles: dict[str, Any] = {}
    for worker in TEAM:
        roles.setdefault(worker.role, worker)
    console.print(f"\n[bold]Jalon est prêt[/] en {seconds:.0f} s : [bold]{address}[/]")
    console.print(
        "Personnes fictives, services nationaux simulés. Un bouton par rôle sur la page de connexion :"
    )
    for worker in roles.values():
        console.print(f"  {worker.job:32} {worker.email}")
    console.print("Ctrl-C arrête tout ; les données restent. `make demo-reset` repart de zéro.\n")
