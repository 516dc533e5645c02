"""Reading transmissions: the thread of a record, the handover of a team."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.db.compiled import compiled, param
from jalon.staff.models import Professional

COLUMNS = (
    "id",
    "record_id",
    "written_at",
    "family",
    "title",
    "text",
    "data",
    "actions",
    "result",
    "important",
    "author__first_name",
    "author__last_name",
    "author__job",
)


def notes(*, health: bool) -> QuerySet[HandoverNote]:
    """Notes in force (a superseded one gives way); health notes only to those who may read them."""
    superseded = HandoverNote.objects.filter(supersedes=OuterRef("pk"))
    found = HandoverNote.objects.filter(~Exists(superseded))
    return found if health else found.exclude(family=Family.HEALTH)


def thread(record_id: Any, *, health: bool, limit: int = 40, family: str = "") -> list[dict[str, Any]]:
    """The latest notes of a record, latest first."""
    return _thread(health, bool(family), limit).all(record=record_id, family=family)


@compiled
def _thread(health: bool, of_a_family: bool, limit: int) -> QuerySet[HandoverNote, Any]:
    found = notes(health=health).filter(record_id=param("record"))
    found = found.filter(family=param("family")) if of_a_family else found
    latest: QuerySet[HandoverNote, Any] = found.order_by("-written_at", "-pk").values(*COLUMNS)
    return latest[:limit]


def handover(
    record_ids: Iterable[Any], *, reader: Professional, since: dt.datetime, health: bool
) -> list[dict[str, Any]]:
    """Notes of these records since a moment, by person then importance; each says if `reader` read it."""
    read = Acknowledgement.objects.filter(note=OuterRef("pk"), professional=reader)
    found = (
        notes(health=health)
        .filter(record_id__in=record_ids, written_at__gte=since)
        .annotate(is_read=Exists(read))
    )
    return list(
        found.order_by("record__person__name_key", "-important", "-written_at").values(
            *COLUMNS,
            "is_read",
            "record__person_id",
            "record__person__birth_name",
            "record__person__used_name",
            "record__person__first_name",
            "record__person__used_first_name",
            "record__room",
        )
    )
