"""The count itself, in SQL: a line for each record of each denominator, made of what the definitions ask."""

import uuid
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Cast

from jalon.db.compiled import compiled, param, uuids
from jalon.indicators.definitions import DEFINITIONS, Definition, Figure
from jalon.indicators.definitions.records import supported
from jalon.indicators.rules import Measure

Sql = tuple[str, list[Any]]
# `offset 0`: without it, PostgreSQL asks a fact again wherever its name is.
LINES = """
select one.establishment_id as establishment, code, one.id as record, counted, apart
from ({people} offset 0) as one
cross join lateral (values {said}) as said (code, among, counted, apart) where among"""
SUMS = """
select code, count(*), sum(counted), count(*) filter (where counted = 0), count(*) filter (where apart)
from ({lines}) as line group by code"""


def lines(measure: Measure, only: Sequence[uuid.UUID] | None = None) -> Sql:
    """A query of (establishment, code, record, counted, apart); `only`: of these records.

    Each fact is asked once of a record, however many indicators need it.
    """
    asked, values = _people(measure.known_at is not None, only is not None).told(
        houses=list(measure.houses), first_day=measure.first_day, last_day=measure.last_day,
        start=measure.start, end=measure.end, known_at=measure.known_at, only=only,
    )  # fmt: skip
    return LINES.format(people=asked, said=", ".join(map(_said, DEFINITIONS))), values


@compiled
def _people(past: bool, some: bool) -> QuerySet[Any]:
    """People supported, with every fact of theirs, for any measure."""
    measure: Any = SimpleNamespace(
        houses=uuids("houses"), first_day=param("first_day"), last_day=param("last_day"),
        start=param("start"), end=param("end"), known_at=param("known_at") if past else None,
        state_at=param("end") if past else None,
    )  # fmt: skip
    facts = {fact.__name__: fact(measure) for definition in DEFINITIONS for fact in definition.facts}
    people = supported(measure, uuids("only") if some else None)
    return people.values("establishment_id", "id").annotate(**facts)


def _said(definition: Definition) -> str:
    among = definition.among.__name__ if definition.among else "true"
    apart = definition.apart.__name__ if definition.apart else "false"
    return f"('{definition.code}', {among}, {definition.counted.__name__}::int, {apart})"


def counted(measure: Measure) -> list[Figure]:
    """Each indicator, counted from what happened."""
    return summed(lines(measure))


def summed(told: Sql) -> list[Figure]:
    """Each indicator, from its lines."""
    text, values = told
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(lines=text), values)
        sums = {code: (total, among, lacking, apart) for code, among, total, lacking, apart in cursor}
    return [Figure(definition, *sums.get(definition.code, ())) for definition in DEFINITIONS]


def missing(
    definition: Definition, measure: Measure, only: Sequence[uuid.UUID] | None = None
) -> QuerySet[Any]:
    """Records of the denominator that nothing was counted for."""
    return _among(definition, measure, only).filter(counted=0)


def proofs(definition: Definition, measure: Measure) -> QuerySet[Any]:
    """What the numerator counts: records, or what the definition says."""
    if definition.proof:
        return definition.proof(measure)
    return _among(definition, measure).filter(counted__gt=0)


def _among(
    definition: Definition, measure: Measure, only: Sequence[uuid.UUID] | None = None
) -> QuerySet[Any]:
    """The denominator, each with how many are counted of it."""
    rows = supported(measure, only)
    if definition.among:
        rows = rows.filter(definition.among(measure))
    return rows.annotate(counted=Cast(definition.counted(measure), IntegerField()))
