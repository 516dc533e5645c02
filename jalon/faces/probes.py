"""Is the site alive, and ready: for whoever watches over it. No session, no tenant, nobody's data."""

import os
import uuid
from pathlib import Path

import structlog
from django.conf import settings
from django.db import Error, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

log = structlog.get_logger()
OK = "en ordre"
HEARTBEAT = 60  # seconds without a word of any worker: several of its heartbeats
HEARD = "select max(last_heartbeat) > now() - %s * interval '1 second' from procrastinate_workers"


@transaction.non_atomic_requests
def alive(request: HttpRequest) -> JsonResponse:
    """A thread of this process answers: nothing else is asked."""
    return _answer({"processus": OK})


@transaction.non_atomic_requests
def ready(request: HttpRequest) -> JsonResponse:
    """200 when people can work; 503 with what is missing. Deliveries without a worker wait: 200 all the same."""
    base = _base()
    return _answer({**base, "documents": _documents()})


def _answer(parts: dict[str, str]) -> JsonResponse:
    wrong = [name for name, said in parts.items() if said != OK and name != "taches"]
    answer = JsonResponse({"pret": not wrong, **parts}, status=503 if wrong else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _base() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(HEARD, [HEARTBEAT])
            (heard,) = cursor.fetchone()
        return {
            "base": OK,
            "migrations": "jalon migrate est à lancer" if _to_migrate() else OK,
            "taches": OK if heard else "aucun exécuteur de tâches ne répond",
        }
    except Error as error:
        log.warning("not_ready", error=type(error).__name__)
        connection.close()
        return {"base": "ne répond pas"}


def _to_migrate() -> bool:
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _documents() -> str:
    """One byte written where documents are kept, and taken away."""
    place = Path(settings.MEDIA_ROOT)
    mark = place / f".essai.{os.getpid()}.{uuid.uuid4().hex}"
    try:
        place.mkdir(0o700, parents=True, exist_ok=True)
        mark.write_bytes(b"x" * 4096)
    except OSError as error:
        log.warning("not_ready", error=type(error).__name__, code=error.errno)
        return "le disque des documents ne prend plus rien"
    finally:
        mark.unlink(missing_ok=True)
    return OK
