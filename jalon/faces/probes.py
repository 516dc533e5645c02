"""Is the site alive, and ready: for whoever watches over it. No session, no tenant, nobody's data."""

from typing import Final

import structlog
from django.core.files.storage import default_storage
from django.db import Error
from django.http import HttpRequest, JsonResponse

from jalon.db.groups import each
from jalon.exchange import watching

log = structlog.get_logger()
OK: Final = "en ordre"
HEARTBEAT: Final = 60  # seconds without a word of any worker: several of its heartbeats


def alive(request: HttpRequest) -> JsonResponse:
    """A thread of this process answers: nothing else is asked."""
    return _answer({"processus": OK}, ready=True)


def ready(request: HttpRequest) -> JsonResponse:
    """200 when people can work, 503 with what is missing.

    Without a worker people work, and what leaves waits: it is said, and is no 503.
    """
    parts = _bases() | {"documents": _documents()}
    needed = [said for name, said in parts.items() if name.partition(" ")[0] != "taches"]
    return _answer(parts, ready=set(needed) == {OK})


def _answer(parts: dict[str, str], *, ready: bool) -> JsonResponse:
    answer = JsonResponse({"pret": ready, **parts}, status=200 if ready else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _bases() -> dict[str, str]:
    """Of each group, when there are some."""
    return {f"{name} {group}".strip(): said for group in each() for name, said in _base().items()}


def _base() -> dict[str, str]:
    try:
        heard, migrated = watching.heard(), watching.migrated()
    except Error as error:
        log.warning("not_ready", error=type(error).__name__)
        watching.let_go()
        return {"base": "la base ne répond pas"}
    alive = heard is not None and heard < HEARTBEAT
    return {
        "base": OK,
        "migrations": OK if migrated else "« jalon migrate » n’est pas passé",
        "taches": OK if alive else "aucun exécuteur de tâches ne répond",
    }


def _documents() -> str:
    """A few bytes written where documents are kept, and taken away."""
    try:
        default_storage.try_out()  # type: ignore[attr-defined]  # of both storages of ours
    except OSError as error:
        log.warning("not_ready", error=type(error).__name__, code=error.errno)
        return f"{default_storage.label} ne prend plus rien"  # type: ignore[attr-defined]  # the same
    return OK
