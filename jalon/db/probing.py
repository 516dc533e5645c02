"""Questions asked row by row, through an index: their cost follows the rows that ask, not those searched."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Func, IntegerField, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull


def some(rows: QuerySet[Any]) -> Any:
    """Is there one of these, for the row that asks? It stops at the first.

    PostgreSQL turns an `Exists` into a join, which reads whatever the whole base holds of the month.
    """
    return IsNull(Subquery(rows.order_by().values(found=Value(1))[:1]), False)


def how_many(rows: QuerySet[Any], column: str) -> Any:
    """How many of these there are, for the row that asks: it is the `column` of them all."""
    counted = rows.order_by().values(column).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def listed(ids: Iterable[uuid.UUID]) -> Any:
    """These identifiers, for `__in`: one value to bind, where a list of thousands makes as many."""
    told = Value(list(ids), output_field=ArrayField(UUIDField()))
    return Func(told, template="select unnest(%(expressions)s)")
