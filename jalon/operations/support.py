"""What is given to whoever helps: enough to understand, and nothing of anybody.

Settings are told by their value only when it is a number, a yes or no, or one of a list: an address or a name
is « réglé » and no more. Rows are counted, never read.
"""

import datetime as dt
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import psycopg
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from jalon.core.settings.kinds import FLAG, SECONDS, WHOLE
from jalon.core.settings.reading import Setting
from jalon.core.settings.table import TABLE
from jalon.operations import facts
from jalon.operations.upgrading import counts

LAST: Final = 20
"""Failed jobs that are listed."""
APPLIED: Final = "select app, name from django_migrations order by id"


def bundle(reader: psycopg.Connection[Any], now: dt.datetime) -> dict[str, Any]:
    """Versions, settings, counts, jobs, certificates, disks, the last proof."""
    found = facts.proof()
    return {
        "at": now,
        "versions": versions(),
        "settings": {one.name: said(one, os.environ) for one in TABLE},
        "migrations": [f"{app}.{name}" for app, name in reader.execute(APPLIED).fetchall()],
        "rows": counts(reader),
        "queues": [asdict(one) for one in facts.queues(now)],
        "failed": failed(),
        "certificates": [asdict(one) for one in facts.certificates(now)],
        "disks": [asdict(one) for one in facts.disks()],
        "proof": asdict(found) if found else None,
    }


def versions() -> dict[str, str]:
    """Of the product and of what it stands on."""
    return {
        "jalon": settings.SOFTWARE_VERSION,
        "python": sys.version.split()[0],
        "postgresql": facts.server_version(),
        "system": platform.platform(),
    }


def said(setting: Setting, environment: Mapping[str, str]) -> str:
    """What may be told of a setting."""
    given = environment.get(setting.name, "").strip()
    if not given:
        return "par défaut"
    closed = setting.kind in (FLAG, WHOLE, SECONDS) or setting.kind.words.startswith("l’un de")
    if setting.secret or not closed:
        return "réglé"
    try:
        return str(setting.kind.read(given))
    except ValueError:
        return "illisible"


def failed() -> list[dict[str, Any]]:
    """The last jobs that failed for good: their numbers are those of the journal."""
    jobs = ProcrastinateJob.objects.filter(status="failed").order_by("-pk")[:LAST]
    return [dict(job) for job in jobs.values("pk", "task_name", "attempts")]
