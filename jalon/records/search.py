"""The records that a search finds among those one may see: the names typed, failing that near ones."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, F, FilteredRelation, Func, OuterRef, Q, UUIDField, Value, When

from jalon.db.inorder import InTurn
from jalon.people.asked import Asked, Hit, read
from jalon.people.models import NameWord
from jalon.people.search import (
    BEGINS,
    LEAST,
    WHOLE,
    Bearing,
    Ends,
    bearers_of,
    bearing,
    bears,
    exact,
    near,
    near_words,
)
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
    """Those of this file number; then those of these words, of this day, or of this matricule."""
    others = Q()
    for bearing_it in bearers_of([asked.number]) if asked.number else ():
        others = ~_among(bearing_it)
        yield from _of(records, bearing_it, asked)
    if asked.ins or asked.days:
        yield _few(records.filter(others), exact(asked), asked)
    elif asked.words:
        yield from _of(records.filter(others), bearing(asked.words), asked)


def _of(records: RecordQuerySet, found_: Bearing, asked: Asked) -> Iterator[RecordQuerySet]:
    """A few, sorted; of a crowd, those whose name begins as it was typed, then those who bear the word."""
    if found_.people is not None:
        yield _few(records, found_.people, asked)
        return
    said = " ".join(asked.words)
    begins = Q(
        person__name_key__gte=said, person__name_key__lt=said + (BEGINS if len(said) >= LEAST else WHOLE)
    )
    yield records.filter(begins).in_french_order()
    yield _crowd(records.exclude(begins), found_.ends)


def _few(records: RecordQuerySet, people: list[uuid.UUID], asked: Asked) -> RecordQuerySet:
    """Those whose name begins as it was typed, then the others; in French order."""
    begins = When(person__name_key__startswith=" ".join(asked.words), then=Value(0))
    few = records.filter(person__in=people)
    return few.order_by(Case(begins, default=Value(1)), "person__name_key", "pk")


def _crowd(records: RecordQuerySet, ends: list[Ends]) -> RecordQuerySet:
    """By their word, then by their birth: the order of an index, read no further than a page."""
    (least, most), *others = ends
    between = Q(person__words__word__gte=least, person__words__word__lt=most)
    sooner = NameWord.objects.filter(person=OuterRef(PERSON), word__gte=least, word__lt=OuterRef("word"))
    heard = records.alias(heard=FilteredRelation("person__words", condition=between), word=F("heard__word"))
    once = heard.filter(~Exists(sooner), *(bears(end, PERSON) for end in others), word__gte=least)
    return once.order_by("word", "heard__birth_date", "pk")


def _among(found_: Bearing) -> Q:
    if found_.people is not None:
        return Q(person__in=found_.people)
    return Q(*(bears(end, PERSON) for end in found_.ends))


# --- those whom a slip hides -----------------------------------------------------------------------


def _near(records: RecordQuerySet, asked: Asked) -> Iterator[RecordQuerySet]:
    """All of the block, ranked; of one name alone, those who bear the nearest words, then the others."""
    if asked.days or len(asked.names) > 1:
        yield _ranked(records, near(asked))
        return
    others = Q()
    for why, words in near_words(asked.names[0]).items():
        for some in bearers_of(words):
            theirs = records.filter(others).annotate(why=Value(why))
            yield _few(theirs, some.people, asked) if some.people is not None else _crowd(theirs, some.ends)
            others &= ~_among(some)


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
