"""Reading traces: who opened this record, and is the chain whole."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from jalon.audit.models import Access, Entry, Seal
from jalon.audit.rules import Link, first_break
from jalon.db.past import versions
from jalon.staff.models import Professional

FACTS = ("id", "at", "professional_id", "record_id", "person_id", "page", "outcome", "reason")
SHOWN = "shown"


def facts_of(row: dict[str, Any]) -> tuple[str, ...]:
    """What of an access is hashed: every column, in one written form (times in UTC).

    The records that a page showed come last, and add nothing when there is none: as they were chained before.
    """
    one_each = tuple(
        value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value or "")
        for value in (row[name] for name in FACTS)
    )
    return one_each + tuple(map(str, row[SHOWN]))


def unsealed() -> QuerySet[Access, Any]:
    """Accesses of the current tenant without a link yet, oldest first."""
    sealed = Seal.objects.filter(access_id=OuterRef("pk"))
    rows: QuerySet[Access, Any] = (
        Access.objects.filter(~Exists(sealed)).order_by("at", "pk").values(*FACTS, SHOWN)
    )
    return rows


def accesses_of(record_id: uuid.UUID) -> QuerySet[Access, Any]:
    """Who opened this record, or saw something of it on a page that shows several, latest first."""
    return (
        Access.objects.filter(Q(record_id=record_id) | Q(shown__contains=[record_id]))
        .order_by("-at", "-pk")
        .values(
            "at",
            "record_id",
            "page",
            "outcome",
            "reason",
            "professional__first_name",
            "professional__last_name",
            "professional__job",
        )
    )


def acts_on(object_id: uuid.UUID | None, kind: str) -> QuerySet[Entry]:
    """What was done on this object, of the acts whose name begins with `kind` and a dot; latest first."""
    return Entry.objects.filter(object_id=object_id, action__startswith=f"{kind}.").order_by("-at", "-pk")


def heads_kept(file: Path, body: uuid.UUID) -> dict[int, str]:
    """The heads of this tenant in the file kept outside the database, by rank; the first written holds."""
    heads: dict[int, str] = {}
    if file.exists():
        with file.open(encoding="ascii") as lines:
            for _, _, position, digest in (line.split() for line in lines if f" {body} " in line):
                heads.setdefault(int(position), digest)
    return heads


def _links() -> Iterator[Link]:
    names = [f"access__{name}" for name in (*FACTS, SHOWN)]
    for row in Seal.objects.order_by("position").values("position", "digest", *names).iterator():
        facts = facts_of({name: row[f"access__{name}"] for name in (*FACTS, SHOWN)})
        yield Link(row["position"], row["digest"], facts)


def verify_chain(heads: Mapping[int, str]) -> str | None:
    """Where the current tenant's chain breaks, in French; None when it is whole."""
    return first_break(_links(), heads)


def last_writer(row: models.Model) -> Professional | None:
    """Who last changed this row on a screen, by its history; None when nobody is named."""
    last = versions(type(row)).filter(pgh_obj_id=row.pk).order_by("-pgh_created_at", "-pgh_id").first()
    by = (last.pgh_context or {}).get("professional") if last else None
    return Professional.objects.filter(pk=by).first() if by else None


def last_opened(by: Professional, among: Any, count: int) -> list[uuid.UUID]:
    """The records of these that somebody opened last, the latest first."""
    opened = Access.objects.filter(
        professional=by, outcome=Access.Outcome.OPENED, record_id__in=among
    ).order_by("-at")
    found = dict.fromkeys(pk for pk in opened.values_list("record_id", flat=True)[: count * 20] if pk)
    return list(found)[:count]
