"""The records that a search finds among those one may see: the names typed, failing that near ones."""

import uuid
from dataclasses import dataclass, field

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Func, UUIDField, Value, When

from jalon.people.asked import Asked, Hit, read
from jalon.people.search import bearing, exact, near
from jalon.records.models import RecordQuerySet


@dataclass(frozen=True)
class Found:
    """Records, the nearest first; `why`, in French, for each person whom a slip hid."""

    records: RecordQuerySet
    why: dict[uuid.UUID, str] = field(default_factory=dict)


def found(records: RecordQuerySet, typed: str, *, widely: bool = False) -> Found:
    """Those of these records whose person the words name; when there is none, or `widely`, near names too."""
    asked = read(typed)
    if not asked:
        return Found(records.none())
    named = records.filter(person__in=exact(asked) if asked.days and asked.words else bearing(asked))
    if not asked.names or (not widely and named.exists()):
        return Found(_in_order(named, asked))
    return _near(records, near(asked))


def _in_order(records: RecordQuerySet, asked: Asked) -> RecordQuerySet:
    """Those whose name begins as it was typed, then the others; in French order."""
    begins = When(person__name_key__startswith=" ".join(asked.words), then=Value(0))
    return records.order_by(Case(begins, default=Value(1)), "person__name_key", "pk")


def _near(records: RecordQuerySet, hits: list[Hit]) -> Found:
    people = [hit.person for hit in hits]
    place = Func(Value(people, ArrayField(UUIDField())), "person_id", function="array_position")
    near_ones = records.filter(person__in=people).order_by(place, "pk")
    return Found(near_ones, {hit.person: hit.why for hit in hits})
