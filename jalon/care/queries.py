"""Reading transmissions: the thread of a record, the handover of a team."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.care.rules import SAME_PASSAGE, rank
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
    "supersedes_id",
    "withdrawn_at",
    "author_id",
    "author__first_name",
    "author__last_name",
    "author__job",
)


def notes(*, health: bool) -> QuerySet[HandoverNote]:
    """Notes in force (a superseded one gives way); health notes only to those who may read them."""
    superseded = HandoverNote.objects.filter(supersedes=OuterRef("pk"), withdrawn_at__isnull=True)
    found = HandoverNote.objects.filter(~Exists(superseded), withdrawn_at__isnull=True)
    return found if health else found.exclude(family=Family.HEALTH)


def thread(record_id: Any, *, health: bool, limit: int = 40, family: str = "") -> list[dict[str, Any]]:
    """The latest notes of a record, latest first, each with its former texts, latest first.

    A note withdrawn by its author is told as such, without its words.
    """
    rows = list(_thread(health, bool(family), limit).all(record=record_id, family=family))
    former = _former(rows, health=health)
    return [
        _without_words(row) if row["withdrawn_at"] else row | {"former": former[row["id"]]} for row in rows
    ]


@compiled
def _thread(health: bool, of_a_family: bool, limit: int) -> QuerySet[HandoverNote, Any]:
    withdrawn = HandoverNote.objects.filter(withdrawn_at__isnull=False)
    withdrawn = withdrawn if health else withdrawn.exclude(family=Family.HEALTH)
    found = (notes(health=health) | withdrawn).filter(record_id=param("record"))
    found = found.filter(family=param("family")) if of_a_family else found
    latest: QuerySet[HandoverNote, Any] = found.order_by("-written_at", "-pk").values(*COLUMNS)
    return latest[:limit]


def _former(rows: list[dict[str, Any]], *, health: bool) -> dict[Any, list[dict[str, Any]]]:
    """What each of these notes said before, latest first: a query for each correction of a correction."""
    found: dict[Any, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    sought = {row["supersedes_id"]: row["id"] for row in rows if row["supersedes_id"]}
    while sought:
        before = list(HandoverNote.objects.filter(pk__in=sought).values(*COLUMNS))
        for one in before:
            if health or one["family"] != Family.HEALTH:
                found[sought[one["id"]]].append(one)
        sought = {one["supersedes_id"]: sought[one["id"]] for one in before if one["supersedes_id"]}
    return found


def _without_words(row: dict[str, Any]) -> dict[str, Any]:
    said = ("title", "text", "data", "actions", "result")
    return row | dict.fromkeys(said, "") | {"important": False, "former": []}


def handover(
    record_ids: Iterable[Any], *, reader: Professional, since: dt.datetime, health: bool
) -> list[dict[str, Any]]:
    """What these records were told since a moment, and each important note that `reader` has not read since
    they came to work here.

    What to know at once first, then what is to be taken over, then the rest; by person, latest first. Each
    says if `reader` read it: one has read what one wrote.
    """
    read = Acknowledgement.objects.filter(note=OuterRef("pk"), professional=reader)
    came = Subquery(reader.memberships.order_by("starts_on").values("starts_on")[:1])
    found = (
        notes(health=health)
        .filter(record_id__in=record_ids)
        .annotate(is_read=Exists(read) | Q(author=reader))
        .filter(Q(written_at__gte=since) | Q(important=True, is_read=False, written_at__date__gte=came))
    )
    rows = found.order_by("record__person__name_key", "-written_at").values(
        *COLUMNS,
        "is_read",
        "record__person_id",
        "record__person__birth_name",
        "record__person__used_name",
        "record__person__first_name",
        "record__person__used_first_name",
        "record__room",
    )
    ranked = [row | {"rank": _rank(row)} for row in rows]
    return sorted(ranked, key=lambda row: row["rank"])


def _rank(row: dict[str, Any]) -> int:
    return rank(important=row["important"], family=row["family"], result=row["result"])


def last_passage(reader: Professional, now: dt.datetime) -> dt.datetime | None:
    """When this professional last read notes, before the relève that is being read."""
    read = Acknowledgement.objects.filter(professional=reader, read_at__lt=now - SAME_PASSAGE)
    return read.order_by("-read_at").values_list("read_at", flat=True).first()


def readers_of(note_ids: Iterable[Any]) -> dict[Any, list[str]]:
    """Who has read each of these notes, in the order in which they did."""
    found: dict[Any, list[str]] = defaultdict(list)
    read = Acknowledgement.objects.filter(note_id__in=list(note_ids)).order_by("read_at")
    for note_id, first, last in read.values_list(
        "note_id", "professional__first_name", "professional__last_name"
    ):
        found[note_id].append(f"{first} {last}")
    return found
