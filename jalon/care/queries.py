"""Reading transmissions: the thread of a record, the handover of a team."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from jalon.care.models import Acknowledgement, HandoverNote, News, Task
from jalon.care.rules import CLASSES, EVERY_FAMILY, families_of, why_over
from jalon.db.compiled import Listed, compiled, param, uuids
from jalon.records.models import Record, Stay
from jalon.records.sight import Shape, Sight, seen
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import Place, functions_of, in_force
from jalon.staff.rules import ContentClass, Permission, reading

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
    "answers_id",
    "withdrawn_at",
    "author_id",
    "author__first_name",
    "author__last_name",
    "author__job",
)


Families = frozenset[str]
Narrow = Mapping[ContentClass, Sight]
"""The classes of content that somebody does not read wherever they read notes, each with where they do."""
Shapes = tuple[tuple[ContentClass, Shape | None], ...]
"""The same for the text of a question; None: nowhere."""


def shapes_of(narrow: Narrow) -> Shapes:
    """The shapes of what is asked."""
    return tuple((content, None if sight.is_empty else sight.shape) for content, sight in narrow.items())


def narrow_values(narrow: Narrow) -> dict[str, Any]:
    """The values of what is asked, each class under its name."""
    values: dict[str, Any] = {}
    for content, sight in narrow.items():
        values |= sight.values(f"{content}_")
    return values


def among_classes(shapes: Shapes, note: str = "") -> Q:
    """The notes at the end of `note` that are read: a class is not asked for where it changes nothing."""
    found = Q()
    for content, shape in shapes:
        others = ~Q(**{f"{note}family__in": sorted(families_of({content}))})
        found &= others if shape is None else others | seen("record__", shape, f"{content}_")
    return found


def notes(families: Families = EVERY_FAMILY) -> QuerySet[HandoverNote]:
    """Notes in force (a superseded one gives way), of these families."""
    superseded = HandoverNote.objects.filter(supersedes=OuterRef("pk"), withdrawn_at__isnull=True)
    found = HandoverNote.objects.filter(~Exists(superseded), withdrawn_at__isnull=True)
    return _of(found, families)


def _of(found: QuerySet[HandoverNote], families: Families) -> QuerySet[HandoverNote]:
    return found if families >= EVERY_FAMILY else found.filter(family__in=sorted(families))


def thread(record_id: Any, *, families: Families, limit: int = 40, family: str = "") -> list[dict[str, Any]]:
    """The latest notes of a record, of these families, latest first, each with its former texts, latest
    first, and its replies in their order; `leaves`: are there tasks of it?

    A note withdrawn by its author is told as such, without its words.
    """
    rows = list(_thread(families, bool(family), limit).all(record=record_id, family=family))
    answered = [row["id"] for row in rows if row["is_answered"]]
    corrected = [row["supersedes_id"] for row in rows if row["supersedes_id"]]
    beside = _beside(families).all(notes=answered, former=corrected) if answered or corrected else []
    replies = [one for one in beside if not one["is_former"]]
    every = [*rows, *replies]
    former = _former(every, {one["id"]: one for one in beside if one["is_former"]}, families)
    told = {row["id"]: _told(row, former[row["id"]]) for row in every}
    for reply in replies:
        told[reply["answers_id"]]["replies"].append(told[reply["id"]])
    return [told[row["id"]] for row in rows]


def _told(row: dict[str, Any], former: list[dict[str, Any]]) -> dict[str, Any]:
    if row["withdrawn_at"]:
        said = ("title", "text", "data", "actions", "result")
        row, former = row | dict.fromkeys(said, "") | {"important": False, "leaves": False}, []
    return row | {"former": former, "replies": []}


def _told_in_thread(families: Families) -> QuerySet[HandoverNote, Any]:
    """Notes in force and notes taken back, with whether somebody answered, and whether something is left."""
    withdrawn = HandoverNote.objects.filter(withdrawn_at__isnull=False)
    found = notes(families) | _of(withdrawn, families)
    found = found.annotate(
        is_answered=Exists(HandoverNote.objects.filter(answers=OuterRef("pk"))),
        leaves=Exists(Task.objects.filter(note=OuterRef("pk"))),
    )
    rows: QuerySet[HandoverNote, Any] = found.values(*COLUMNS, "is_answered", "leaves")
    return rows


@compiled
def _thread(families: Families, of_a_family: bool, limit: int) -> QuerySet[HandoverNote, Any]:
    found = _told_in_thread(families).filter(record_id=param("record"), answers__isnull=True)
    found = found.filter(family=param("family")) if of_a_family else found
    return found.order_by("-written_at", "-pk")[:limit]


@compiled
def _beside(families: Families) -> QuerySet[HandoverNote, Any]:
    """The replies to these notes, and these former texts, with one question."""
    replies = _told_in_thread(families).filter(answers__in=uuids("notes")).annotate(is_former=Value(False))
    no = Value(False)
    former = HandoverNote.objects.filter(pk__in=uuids("former")).annotate(is_answered=no, leaves=no)
    told = former.values(*COLUMNS, "is_answered", "leaves").annotate(is_former=Value(True))
    return replies.union(told, all=True).order_by("written_at", "id")


def _former(
    rows: list[dict[str, Any]], known: dict[Any, dict[str, Any]], families: Families
) -> dict[Any, list[dict[str, Any]]]:
    """What each of these notes said before, latest first: among what is known, then a query for each
    correction of a correction."""
    found: dict[Any, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    sought = {row["supersedes_id"]: row["id"] for row in rows if row["supersedes_id"]}
    while sought:
        if lacking := sought.keys() - known.keys():
            read = HandoverNote.objects.filter(pk__in=lacking).values(*COLUMNS)
            known |= {one["id"]: one for one in read}
        before = [known[key] for key in sought]
        for one in before:
            if one["family"] in families:
                found[sought[one["id"]]].append(one)
        sought = {one["supersedes_id"]: sought[one["id"]] for one in before if one["supersedes_id"]}
    return found


def team_of(record: Record, *, family: str, today: dt.date) -> QuerySet[Professional]:
    """Who works with this person that day, signs in, and may read such a note of theirs."""
    needed = {Permission.READ_NOTES, reading(CLASSES[family])}
    reads = [role for role, may in functions_of(record.establishment_id).items() if needed <= may]
    held = Membership.objects.filter(in_force(today), establishment=record.establishment_id, role__in=reads)
    held = held.filter(Q(unit__isnull=True) | Q(unit=record.unit_id))
    found = Professional.objects.filter(pk__in=held.values("professional_id"))
    return found.filter(active=True, account__isnull=False)


def nothing_left(record: Record, today: dt.date) -> str:
    """Why nothing is left to do for the person of this record, in a sentence; "" when something may be."""
    ended = Record.objects.filter(_ended(today, "pk"), pk=record.pk).exists()
    return why_over(dead=record.person.is_dead, ended=ended or record.closed_on is not None)


def _ended(today: Any, record: str) -> Any:
    """Somebody who stayed, and whose stays are all over."""
    stays = Stay.objects.filter(record=OuterRef(record))
    return Exists(stays) & ~Exists(stays.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)))


def tasks(today: Any) -> QuerySet[Task]:
    """Tasks with what is shown of them: who is named in them, and whether the accompaniment is `ended`.

    Each name is looked for by itself: joined, the three of them cost more to plan than the rest to answer.
    """
    people = {f"{who}_name": _name_of(who) for who in ("holder", "asked_by", "done_by")}
    return Task.objects.select_related("record__person").annotate(ended=_ended(today, "record"), **people)


def _name_of(who: str) -> Subquery:
    named = Professional.objects.filter(pk=OuterRef(who))
    return Subquery(named.values_list(Concat("first_name", Value(" "), "last_name")))


def tasks_left(here: Sight, *, narrow: Narrow, family: str = "") -> Listed[Task]:
    """What these records leave to be taken over, what is due first; of the classes of `narrow`, where it says
    alone; of one family of notes, when it is said. Nothing of who died or left.
    """
    asked = here.values() | narrow_values(narrow) | {"family": family}
    return _left(here.shape, shapes_of(narrow), bool(family)).listed(**asked)


def tasks_of_the_day(holder: Professional, everywhere: Sight, here: Sight, *, narrow: Narrow) -> Listed[Task]:
    """The same, of what `holder` has, `everywhere` they see, and of what nobody has yet of those `here`."""
    asked = everywhere.values() | here.values("here_") | narrow_values(narrow) | {"holder": holder.pk}
    return _of_the_day(everywhere.shape, here.shape, shapes_of(narrow)).listed(**asked)


@compiled
def _left(here: Shape, narrow: Shapes, of_a_family: bool) -> QuerySet[Task]:
    found = _open(narrow).filter(seen("record__", here))
    return found.filter(note__family=param("family")) if of_a_family else found


@compiled
def _of_the_day(everywhere: Shape, here: Shape, narrow: Shapes) -> QuerySet[Task]:
    mine = Q(holder=param("holder")) & seen("record__", everywhere)
    return _open(narrow).filter(mine | Q(holder__isnull=True) & seen("record__", here, "here_"))


def _open(narrow: Shapes) -> QuerySet[Task]:
    found = tasks(param("today")).filter(done_at__isnull=True, note__withdrawn_at__isnull=True)
    found = found.filter(
        among_classes(narrow, "note__"),
        Q(ended=False),
        record__closed_on__isnull=True,
        record__person__died_on__isnull=True,
        record__person__death_reported=False,
    )
    due = (F("due_on").asc(nulls_last=True), F("due_time").asc(nulls_last=True))
    return found.order_by(*due, "asked_at", "pk")


def tasks_of(note_ids: Iterable[Any], today: dt.date) -> dict[Any, list[Task]]:
    """What each of these notes leaves, done or not, in the order in which it was asked."""
    found: dict[Any, list[Task]] = defaultdict(list)
    if sought := list(note_ids):
        for task in tasks(today).filter(note__in=sought).order_by("asked_at", "pk"):
            found[task.note_id].append(task)
    return found


def news_of(places: Iterable[Place]) -> QuerySet[News]:
    """What was told to whoever works in these places: of a unit, its own and those of the whole house."""
    told = Q(pk__in=[])
    for place in places:
        here = Q(establishment_id=place.establishment_id)
        own = Q(unit__isnull=True) | Q(unit_id=place.unit_id)
        told |= here & own if place.unit_id else here
    return News.objects.filter(told)


def news_today(news: QuerySet[News], *, reader: Professional, today: dt.date) -> QuerySet[News]:
    """Of these news those of that day, what `reader` has not read first."""
    read = Acknowledgement.objects.filter(news=OuterRef("pk"), professional=reader)
    told = news.filter(withdrawn_at__isnull=True, starts_on__lte=today, ends_on__gte=today)
    told = told.annotate(is_read=Exists(read) | Q(author=reader)).select_related("author", "unit")
    return told.order_by("is_read", "-written_at", "-pk")
