"""`jalon upgrade`: the database of a site brought to this version, with a way back; `jalon news`."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from jalon.commands.context import AsJson, answer, connect
from jalon.commands.django_setup import as_owner
from jalon.commands.safety import Folder, kept_in, programs_here, source_of
from jalon.core.errors import DomainError

if TYPE_CHECKING:
    from jalon.operations.backup import Source
    from jalon.operations.kept import Kept


def news(as_json: AsJson = False) -> None:
    """Dit ce que cette version change, par domaine."""
    from jalon.operations.news import latest, told

    found = latest()
    answer({"version": found.version, "areas": found.areas}, told(found), as_json=as_json)


def upgrade(
    folder: Folder = None,
    look: Annotated[bool, typer.Option("--look", help="Dit ce qui serait fait, sans rien faire.")] = False,
    as_json: AsJson = False,
) -> None:
    """Met la base à jour : vérifie, sauvegarde, migre, vérifie encore, et dit comment revenir en arrière."""
    connect()
    _refuse_what_is_wrong()
    as_owner()
    from jalon.operations.upgrading import pending, stopping

    todo = pending()
    if look or not todo:
        why = stopping()
        answer({"pending": todo, "stopping": why}, looked(todo, why), as_json=as_json)
        return
    kept, source = kept_in(folder), source_of()
    from jalon.operations.backup import take

    base = take(source, kept, programs_here())
    found = _migrated(source, kept, base)
    from jalon.operations.news import latest, told

    back = way_back(kept, base)
    words = [f"Manque : {one}." for one in found] or ["Tout y est.", *told(latest())]
    lines = [f"Sauvegarde {base}, {len(todo)} migrations.", *words, "", back]
    answer({"base": base, "done": todo, "faults": found, "way_back": back}, lines, as_json=as_json)
    raise SystemExit(1 if found else 0)


def looked(todo: list[str], why: dict[str, list[str]]) -> list[str]:
    """What is to come, and whether the site may serve meanwhile, one line each."""
    if not todo:
        return ["La base est à jour."]
    lines = [f"{name} : {', '.join(why[name])}" if name in why else name for name in todo]
    advice = "Arrêtez le site avant : ce qui est dit ci-dessus retient ou casse l’ancienne version."
    return [*lines, "", advice if why else "Le site peut rester ouvert pendant cette mise à jour."]


def _refuse_what_is_wrong() -> None:
    """What `jalon check` finds would be found on the new version too: it is mended first."""
    from jalon.commands.checks import refuse_danger

    refuse_danger()


def _migrated(source: "Source", kept: "Kept", base: str) -> list[str]:
    """What the base lacks once migrated. Raises DomainError, with the way back, when a migration stops."""
    from django.db import Error

    from jalon.operations.upgrading import counts, faults, migrate

    with closing(source.connect()) as reader:
        before = counts(reader)
        try:
            migrate()
        except Error as error:
            raise DomainError(
                f"Une migration s’est arrêtée : {error}. Chacune est faite entière ou pas du tout : relancez "
                f"jalon upgrade une fois la cause levée. {way_back(kept, base)}.",
                code="migration_stopped",
            ) from error
        return faults(reader, before)


def way_back(kept: "Kept", base: str) -> str:
    """What brings the former version back, with its rows."""
    return (
        f"Pour revenir en arrière : réinstallez l’ancienne version, puis jalon restore --base {base} "
        f"--folder {kept.folder} --into DOSSIER-NEUF"
    )
