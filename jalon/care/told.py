"""What a relève tells a professional: found, ranked and counted with one reading, each exchange whole."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, overload

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.care.queries import COLUMNS, Narrow, Shapes, among_classes, narrow_values, notes, shapes_of
from jalon.care.rules import ANSWERED, OTHER, SAME_PASSAGE, TO_FOLLOW, URGENT
from jalon.db.compiled import compiled, param, uuids
from jalon.records.sight import Shape, Sight, seen
from jalon.staff.models import Membership, Professional

SHOWN_OF_PEOPLE = (
    "record__person_id",
    "record__person__birth_name",
    "record__person__used_name",
    "record__person__first_name",
    "record__person__used_first_name",
    "record__room",
)


def _ranked() -> Case:
    """What to know at once, then who answers the reader, then what has a follow-up, then the rest."""
    return Case(
        When(Q(important=True) | Q(family=Family.INCIDENT), then=URGENT),
        When(_to_me(), then=ANSWERED),
        When(~Q(result=""), then=TO_FOLLOW),
        default=OTHER,
    )


def _to_me() -> Any:
    """Replies to what the reader wrote, or answered too: what they follow."""
    me = param("reader")
    too = HandoverNote.objects.filter(answers=OuterRef("answers"), author=me, withdrawn_at__isnull=True)
    return Q(answers__isnull=False) & ~Q(author=me) & (Q(answers__author=me) | Exists(too))


@compiled
def _found(here: Shape, narrow: Shapes, of_a_family: bool) -> QuerySet[HandoverNote, Any]:
    """What these records were told since a moment, and each important note, or reply to them, that the reader
    has not read since they came to work here."""
    came = Membership.objects.filter(professional=param("reader")).order_by("starts_on")
    # Three ways in, each by its index, record by record: an OR would read the notes of the whole body.
    of_these = HandoverNote.objects.filter(seen("record__", here, "here_"))
    told = of_these.filter(written_at__gte=param("since")).values("pk")
    lasting = of_these.filter(written_at__date__gte=Subquery(came.values("starts_on")[:1]))
    weighty = lasting.filter(important=True).values("pk")
    to_me = lasting.filter(_to_me()).values("pk")
    found = _read_by_me(narrow).filter(pk__in=told.union(weighty, to_me))
    found = found.filter(Q(written_at__gte=param("since")) | Q(is_read=False))
    found = found.filter(family=param("family")) if of_a_family else found
    return found.values(*SOUGHT, "important", "written_at", "record__person__name_key")


def _read_by_me(narrow: Shapes) -> QuerySet[HandoverNote]:
    """Notes in force with their rank, and whether the reader read them: one has read what one wrote."""
    me = param("reader")
    read = Acknowledgement.objects.filter(note=OuterRef("pk"), professional=me)
    found = notes().filter(among_classes(narrow))
    return found.annotate(is_read=Exists(read) | Q(author=me), rank=_ranked())


def around(
    found: Iterable[dict[str, Any]], *, reader: Professional, narrow: Narrow
) -> dict[Any, list[dict[str, Any]]]:
    """The whole of each exchange that these notes are of, by the note that began it: it, then its replies."""
    begun = {note["answers_id"] or note["id"] for note in found}
    whole: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    asked = {"begun": list(begun), "reader": reader.pk} | narrow_values(narrow)
    for note in _exchanges(shapes_of(narrow)).all(**asked):
        whole[note["answers_id"] or note["id"]].append(note)
    return whole


@compiled
def _exchanges(narrow: Shapes) -> QuerySet[HandoverNote, Any]:
    # Two ways in, each by its index: an OR would read the notes of the whole body.
    begins = HandoverNote.objects.filter(pk__in=uuids("begun")).values("pk")
    replies = HandoverNote.objects.filter(answers__in=uuids("begun")).values("pk")
    found = _read_by_me(narrow).filter(pk__in=begins.union(replies))
    ordered = found.order_by(F("answers").asc(nulls_first=True), "written_at", "pk")
    return ordered.values(*COLUMNS, *SHOWN_OF_PEOPLE, "is_read", "rank")


SOUGHT = ("id", "record_id", "answers_id", "title", "rank", "is_read")
EVERY, UNREAD, IMPORTANT, WEIGHTY = "true", "not is_read", "important", "important and not is_read"
"""What is kept of what was found: conditions on its columns."""
COUNTED = {
    "all": "true",
    "unread": UNREAD,
    **{f"rank_{rank}": f"is_kept and rank = {rank}" for rank in (URGENT, ANSWERED, TO_FOLLOW, OTHER)},
}
_READ = """
with found as materialized ({found}), kept as (select *, {kept} as is_kept from found)
select {columns}, is_kept, {counts} from kept
order by is_kept desc, rank, record__person__name_key, record_id, written_at desc, id desc
limit %s offset %s
"""
_COUNTS = ", ".join(f'count(*) filter (where {which}) over () as "{name}"' for name, which in COUNTED.items())


class Relay(Sequence[dict[str, Any]]):
    """The notes of a relève that are `kept`: what to know at once first, then who answers, then what has a
    follow-up, then the rest; by person, latest first. A slice is read from the database.

    What the records `here` were told since a moment, and each important note, or reply to them, that `reader`
    has not read since they came to work here; of the classes of `narrow`, where it says alone; of one family,
    when it is said.

    `counts`: of all that was found, of what is not read, and of what is kept, by rank. They come with the
    rows, for what they count costs as much to find as what is shown.
    """

    def __init__(
        self, here: Sight, *, reader: Professional, since: dt.datetime, narrow: Narrow,
        kept: str = EVERY, family: str = "",
    ) -> None:  # fmt: skip
        asked = {"reader": reader.pk, "since": since, "family": family} | here.values("here_")
        found = _found(here.shape, shapes_of(narrow), bool(family))
        text, self._params = found.told(**asked, **narrow_values(narrow))
        self._text = _READ.format(found=text, kept=kept, columns=", ".join(SOUGHT), counts=_COUNTS)
        self._counts: dict[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many notes there are of each sort."""
        if self._counts is None:
            self._read(0, 1)
        return self._counts or dict.fromkeys(COUNTED, 0)

    def __len__(self) -> int:
        return sum(count for name, count in self.counts.items() if name.startswith("rank_"))

    @overload
    def __getitem__(self, asked: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, asked: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, asked: Any) -> Any:
        if isinstance(asked, slice):
            return self._read(asked.start or 0, len(self) if asked.stop is None else asked.stop)
        return self._read(asked, asked + 1)[0]

    def _read(self, start: int, stop: int) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(self._text, [*self._params, stop - start, start])
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        if rows or not start:
            self._counts = {name: rows[0][name] for name in COUNTED} if rows else {}
        return [row for row in rows if row["is_kept"]]


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
