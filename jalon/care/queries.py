"""Reading transmissions: the thread of a record, the handover of a team."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.care.rules import OTHER, SAME_PASSAGE, TO_TAKE_OVER, URGENT
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


SHOWN_OF_PEOPLE = (
    "record__person_id",
    "record__person__birth_name",
    "record__person__used_name",
    "record__person__first_name",
    "record__person__used_first_name",
    "record__room",
)
RANKED = Case(
    When(Q(important=True) | Q(family=Family.INCIDENT), then=URGENT),
    When(~Q(result=""), then=TO_TAKE_OVER),
    default=OTHER,
)


def handover(records: Any, *, reader: Professional, since: dt.datetime, of_health: Any) -> QuerySet[Any]:
    """What these records were told since a moment, and each important note that `reader` has not read since
    they came to work here; notes of health of the records `of_health` alone.

    Each says if `reader` read it: one has read what one wrote.
    """
    read = Acknowledgement.objects.filter(note=OuterRef("pk"), professional=reader)
    came = Subquery(reader.memberships.order_by("starts_on").values("starts_on")[:1])
    # Two ways in, each by its index, record by record: an OR would read the notes of the whole body.
    here = HandoverNote.objects.filter(record_id__in=records)
    told = here.filter(written_at__gte=since).values("pk")
    weighty = here.filter(important=True, written_at__date__gte=came).values("pk")
    found: QuerySet[Any] = (
        notes(health=True)
        .filter(~Q(family=Family.HEALTH) | Q(record_id__in=of_health), pk__in=told.union(weighty))
        .annotate(is_read=Exists(read) | Q(author=reader), rank=RANKED)
        .filter(Q(written_at__gte=since) | Q(is_read=False))
    )
    return found


def in_order(found: QuerySet[Any]) -> QuerySet[HandoverNote, Any]:
    """What to know at once first, then what is to be taken over, then the rest; by person, latest first."""
    ordered = found.order_by("rank", "record__person__name_key", "record_id", "-written_at", "-pk")
    rows: QuerySet[HandoverNote, Any] = ordered.values(*COLUMNS, *SHOWN_OF_PEOPLE, "is_read", "rank")
    return rows


def counts_of(found: QuerySet[Any], kept: Q) -> dict[str, int]:
    """Of a relève: all its notes, those not read, those important among them, and those `kept`, by rank."""
    unread = Q(is_read=False)
    return found.aggregate(
        all=Count("pk"),
        unread=Count("pk", filter=unread),
        unread_important=Count("pk", filter=unread & Q(important=True)),
        **{f"rank_{one}": Count("pk", filter=kept & Q(rank=one)) for one in (URGENT, TO_TAKE_OVER, OTHER)},
    )


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
