"""What a relève tells a professional: found, ranked and counted with one reading, each exchange whole."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, overload

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window

from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.care.queries import COLUMNS, notes
from jalon.care.rules import ANSWERED, OTHER, SAME_PASSAGE, TO_FOLLOW, URGENT
from jalon.staff.models import Professional

SHOWN_OF_PEOPLE = (
    "record__person_id",
    "record__person__birth_name",
    "record__person__used_name",
    "record__person__first_name",
    "record__person__used_first_name",
    "record__room",
)


def ranked(reader: Professional) -> Case:
    """What to know at once, then who answers `reader`, then what has a follow-up, then the rest."""
    return Case(
        When(Q(important=True) | Q(family=Family.INCIDENT), then=URGENT),
        When(_to(reader), then=ANSWERED),
        When(~Q(result=""), then=TO_FOLLOW),
        default=OTHER,
    )


def _to(reader: Professional) -> Any:
    """Replies to what `reader` wrote, or answered too: what they follow."""
    too = HandoverNote.objects.filter(answers=OuterRef("answers"), author=reader, withdrawn_at__isnull=True)
    return Q(answers__isnull=False) & ~Q(author=reader) & (Q(answers__author=reader) | Exists(too))


def handover(records: Any, *, reader: Professional, since: dt.datetime, of_health: Any) -> QuerySet[Any]:
    """What these records were told since a moment, and each important note, or reply to them, that `reader`
    has not read since they came to work here; notes of health of the records `of_health` alone, None: of all.

    Each says if `reader` read it: one has read what one wrote.
    """
    came = Subquery(reader.memberships.order_by("starts_on").values("starts_on")[:1])
    # Three ways in, each by its index, record by record: an OR would read the notes of the whole body.
    here = HandoverNote.objects.filter(record_id__in=records)
    told = here.filter(written_at__gte=since).values("pk")
    lasting = here.filter(written_at__date__gte=came)
    weighty = lasting.filter(important=True).values("pk")
    to_me = lasting.filter(_to(reader)).values("pk")
    found: QuerySet[Any] = (
        _read_by(reader, of_health)
        .filter(pk__in=told.union(weighty, to_me))
        .filter(Q(written_at__gte=since) | Q(is_read=False))
    )
    return found


def _read_by(reader: Professional, of_health: Any) -> QuerySet[Any]:
    read = Acknowledgement.objects.filter(note=OuterRef("pk"), professional=reader)
    found = notes(health=True)
    if of_health is not None:  # asked for each row otherwise, where it changes nothing
        found = found.filter(~Q(family=Family.HEALTH) | Q(record_id__in=of_health))
    told: QuerySet[Any] = found.annotate(is_read=Exists(read) | Q(author=reader), rank=ranked(reader))
    return told


def around(
    found: Iterable[dict[str, Any]], *, reader: Professional, of_health: Any
) -> dict[Any, list[dict[str, Any]]]:
    """The whole of each exchange that these notes are of, by the note that began it: it, then its replies."""
    begun = {note["answers_id"] or note["id"] for note in found}
    exchange = _read_by(reader, of_health).filter(Q(pk__in=begun) | Q(answers__in=begun))
    whole: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    ordered = exchange.order_by(F("answers").asc(nulls_first=True), "written_at", "pk")
    for note in ordered.values(*COLUMNS, *SHOWN_OF_PEOPLE, "is_read", "rank"):
        whole[note["answers_id"] or note["id"]].append(note)
    return whole


SOUGHT = ("id", "record_id", "answers_id", "title", "rank", "is_read")


class Relay(Sequence[dict[str, Any]]):
    """The notes of a relève that are `kept`: what to know at once first, then who answers, then what has a
    follow-up, then the rest; by person, latest first. A slice is read from the database.

    `counts`: of all that was found, of what is not read, and of what is kept, by rank. They come with the
    rows, for what they count costs as much to find as what is shown.
    """

    def __init__(self, found: QuerySet[Any], kept: Q) -> None:
        unread = Q(is_read=False)
        every = {
            "all": None,
            "unread": unread,
            **{f"rank_{one}": kept & Q(rank=one) for one in (URGENT, ANSWERED, TO_FOLLOW, OTHER)},
        }
        counted = {name: Window(Count("pk", filter=which)) for name, which in every.items()}
        is_kept = Case(When(kept, then=True), default=False) if kept else Value(True)
        self._rows = found.annotate(is_kept=is_kept, **counted).order_by(
            "-is_kept", "rank", "record__person__name_key", "record_id", "-written_at", "-pk"
        )
        self._names = tuple(every)
        self._counts: dict[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many notes there are of each sort."""
        if self._counts is None:
            self._read(0, 1)
        return self._counts or dict.fromkeys(self._names, 0)

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
        rows = list(self._rows.values(*SOUGHT, "is_kept", *self._names)[start:stop])
        if rows or not start:
            self._counts = {name: rows[0][name] for name in self._names} if rows else {}
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
