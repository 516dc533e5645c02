"""`jalon backup` and `jalon restore`: what brings a site back."""

import datetime as dt
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from jalon.commands.context import AsJson, answer, connect

if TYPE_CHECKING:
    from jalon.operations.backup import Source
    from jalon.operations.kept import Kept
    from jalon.operations.programs import Programs
    from jalon.operations.restore import Outcome

Folder = Annotated[Path | None, typer.Option("--folder", help="Dossier des sauvegardes, ou JALON_BACKUPS.")]
NOBODY_FOLLOWS = (
    "Les journaux ne sont pas suivis : on ne pourra revenir qu’à cette sauvegarde. "
    "Lancez `jalon backup --follow` sous votre superviseur."
)


def backup(
    folder: Folder = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Reçoit les journaux et les documents, sans s’arrêter.")
    ] = False,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Sauvegardes gardées.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Sauvegarde la base et les documents ; avec --follow, tout ce qui s’écrit ensuite."""
    connect()
    from jalon.operations import backup as taking

    kept, programs, source = kept_in(folder), programs_here(), source_of()
    if follow:
        _until_told(source, kept, programs)
        return
    name = taking.take(source, kept, programs, keep=keep)
    followed = taking.followed(source)
    where = f" Les documents du stockage S3 sont copiés dans {kept.files}." if source.bucket else ""
    lines = [f"Sauvegarde {name} prise et relue.{where}", *([] if followed else [NOBODY_FOLLOWS])]
    answer({"base": name, "followed": followed}, lines, as_json=as_json)


def _until_told(source: "Source", kept: "Kept", programs: "Programs") -> None:
    from jalon.operations import backup as taking

    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: told.append(received))
    taking.follow(source, kept, programs, goes_on=lambda: not told)


def restore(
    into: Annotated[
        Path | None, typer.Option("--into", help="Dossier neuf : base, documents, têtes de la chaîne.")
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="Moment, « 2026-11-29 02:15:00 » ; sans lui, le dernier connu.")
    ] = "",
    base: Annotated[str, typer.Option("--base", help="Cette sauvegarde-là, telle qu’elle a été prise.")] = "",
    prove: Annotated[
        bool, typer.Option("--prove", help="Restaure à côté, vérifie, note la preuve et efface.")
    ] = False,
    user: Annotated[
        str, typer.Option("--user", help="À qui est la base restaurée, si la commande est lancée par root.")
    ] = "postgres",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Restaure la base et les documents dans un dossier neuf, tels qu’ils étaient à un moment, et vérifie."""
    if (into is None) != prove:
        raise typer.BadParameter("dites --into DOSSIER, ou --prove")
    if to and base:
        raise typer.BadParameter("dites --to MOMENT, ou --base NOM")
    moment = _moment(to) if to else None
    connect()
    from jalon.operations.restore import restore as run
    from jalon.operations.restoring import target

    kept = kept_in(folder)
    wanted = target(kept, moment, base)
    place = into.resolve() if into else kept.folder / "proving"
    if prove:
        shutil.rmtree(place, ignore_errors=True)  # of a proof that was cut
    try:
        outcome = run(kept, place, programs_here(user), _names(), wanted)
    finally:
        if prove:
            shutil.rmtree(place, ignore_errors=True)
    answer(_told(outcome), _sentences(outcome, kept=not prove), as_json=as_json)
    raise SystemExit(1 if outcome.found.faults else 0)


def _moment(text: str) -> dt.datetime:
    """Without a zone, the product's own."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"« {text} » n’est pas un moment, comme 2026-11-29 02:15:00") from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo("Europe/Paris"))


def _told(outcome: "Outcome") -> dict[str, Any]:
    found = outcome.found
    return {
        "base": outcome.restored.base,
        "folder": str(outcome.restored.folder),
        "last_write": found.last_write,
        "seconds": round(outcome.seconds, 1),
        "tables": found.tables,
        "documents": found.documents,
        "faults": found.faults,
    }


def _sentences(outcome: "Outcome", *, kept: bool) -> list[str]:
    found = outcome.found
    last = (
        found.last_write.isoformat(sep=" ", timespec="seconds") if found.last_write else "aucune après elle"
    )
    lines = [
        f"Sauvegarde {outcome.restored.base}, dernière écriture rejouée : {last}.",
        f"{found.tables} tables, {found.documents} documents relus, en {outcome.seconds:.0f} s.",
        *(found.faults or ["Rien ne manque."]),
    ]
    if kept:
        lines += [
            f"La base est dans {outcome.restored.data}, les documents dans {outcome.restored.files}.",
            "Démarrez PostgreSQL sur ce dossier, réglez DATABASE_URL et JALON_FILES, puis : jalon migrate, "
            "jalon check, jalon audit verify.",
        ]
    return lines


def kept_in(folder: Path | None) -> "Kept":
    from django.conf import settings

    from jalon.operations.kept import Kept

    named = folder or settings.BACKUPS
    if not named:
        raise typer.BadParameter("réglez JALON_BACKUPS, ou donnez --folder")
    return Kept(Path(named).resolve())


def programs_here(user: str = "") -> "Programs":
    from django.conf import settings

    from jalon.operations.programs import programs

    return programs(settings.PG_PROGRAMS, user)


def _names() -> Any:
    from django.conf import settings

    from jalon.operations.restore import Names

    return Names(settings.DATABASES["default"]["NAME"], settings.DATABASE_BACKUP)


def source_of() -> "Source":
    """The database of the settings, as the role that reads everything, and the files of this machine."""
    from django.conf import settings
    from django.core.files.storage import default_storage
    from psycopg.conninfo import make_conninfo

    from jalon.operations.backup import Source

    base = settings.DATABASES["default"]
    host = base["HOST"] or base["OPTIONS"].get("host")
    port = base["PORT"] or base["OPTIONS"].get("port")
    where = {"host": host, "port": port, "dbname": base["NAME"], "user": settings.DATABASE_BACKUP}
    password = settings.DATABASE_BACKUP_PASSWORD
    return Source(
        make_conninfo(**{name: value for name, value in where.items() if value}),
        Path(settings.MEDIA_ROOT),
        Path(settings.SEAL_FILE),
        {"PGPASSWORD": password} if password else {},
        default_storage if settings.S3_BUCKET else None,
    )
