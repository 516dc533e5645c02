"""The records that a search finds among those one may see: the names typed, failing that near ones."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Func, Q, UUIDField, Value, When

from jalon.db.inorder import InTurn
from jalon.people.asked import Asked, Hit, read
from jalon.people.search import BEGINS, LEAST, bearing, exact, near, near_words, with_one_of
from jalon.records.models import RecordQuerySet

PERSON = "person_id"


@dataclass(frozen=True)
class Found:
    """Records, the nearest first, each with what is near in it; `near`: are they those whom a slip hid?"""

    records: InTurn = field(default_factory=InTurn)
    near: bool = False

    def first(self, count: int) -> list[Any]:
        return self.records.read(0, count)


def found(records: RecordQuerySet, typed: str, *, widely: bool = False) -> Found:
    """Those of these records whose person the words name; when there is none, or `widely`, near names too."""
    asked, records = read(typed), records.with_identity()
    if not asked:
        return Found()
    named = InTurn(tuple(_named(records, asked)))
    if not asked.names or (not widely and named.read(0, 1)):
        return Found(named)
    return Found(InTurn(tuple(_near(records, asked))), near=True)


# --- those of the very words -----------------------------------------------------------------------


def _named(records: RecordQuerySet, asked: Asked) -> Iterator[RecordQuerySet]:
    """Each way to be named, the surest first; whoever is in one is left out of those that follow."""
    others = Q()
    for way in _ways(asked):
        yield _in_order(records.filter(others, way), asked)
        others &= ~way


def _ways(asked: Asked) -> Iterator[Q]:
    """The number of a file; these words on that day, or this matricule, which are a few; else a crowd's.

    Of a crowd, those whose name begins as it was typed come first: they are an interval of the sort key.
    """
    if asked.number:
        yield with_one_of([asked.number], PERSON)
    if asked.ins or asked.days:
        yield Q(person__in=exact(asked))
    elif asked.words:
        said = " ".join(asked.words)
        if len(said) >= LEAST and said[0].isalpha():
            yield Q(person__name_key__gte=said, person__name_key__lt=said + BEGINS)
        yield bearing(asked.words, PERSON)


def _in_order(records: RecordQuerySet, asked: Asked) -> RecordQuerySet:
    """In French order; of a few, those whose name begins as it was typed come first."""
    if not (asked.days and asked.words):
        return records.in_french_order()
    begins = When(person__name_key__startswith=" ".join(asked.words), then=Value(0))
    return records.order_by(Case(begins, default=Value(1)), "person__name_key", "pk")


# --- those whom a slip hides -----------------------------------------------------------------------


def _near(records: RecordQuerySet, asked: Asked) -> Iterator[RecordQuerySet]:
    """All of the block, ranked; of one name alone, those who bear the nearest words, then the others."""
    if asked.days or len(asked.names) > 1:
        yield _ranked(records, near(asked))
        return
    others = Q()
    for why, words in near_words(asked.names[0]).items():
        way = with_one_of(words, PERSON)
        yield records.filter(others, way).annotate(why=Value(why)).in_french_order()
        others &= ~way


def _ranked(records: RecordQuerySet, hits: Sequence[Hit]) -> RecordQuerySet:
    people: dict[str, list[uuid.UUID]] = defaultdict(list)
    for hit in hits:
        people[hit.why].append(hit.person)
    place = Func(
        Value([hit.person for hit in hits], ArrayField(UUIDField())), "person_id", function="array_position"
    )
    told = Case(*(When(person__in=some, then=Value(why)) for why, some in people.items()), default=Value(""))
    ranked = records.filter(person__in=[hit.person for hit in hits])
    return ranked.annotate(why=told).order_by(place, "pk")
