"""The figures of a month: counted, or as they were closed and corrected."""

import datetime as dt
import uuid

from django.db.models import QuerySet

from jalon.core.period import Month
from jalon.indicators.counting import counted, missing
from jalon.indicators.definitions import Definition, Figure
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.rules import FIRST_MEASURE, Measure, measured
from jalon.organizations.models import Establishment
from jalon.organizations.queries import moment_at


def measure_of(
    establishment: Establishment, month: Month, *, now: dt.datetime, known_at: dt.datetime | None = None
) -> Measure:
    """What is measured; the first measure of an establishment covers three months."""
    zone = moment_at(establishment, now).zone
    closed = MonthlyFigure.objects.filter(establishment=establishment)
    first = not closed.filter(month__lt=str(month)).exists()
    months = FIRST_MEASURE if first else 1
    return measured((establishment.pk,), month, zone, now=now, months=months, known_at=known_at)


def figures(establishment: Establishment, month: Month, *, now: dt.datetime) -> list[Figure]:
    """Each indicator of this establishment for this month, as the house was known when the month ended."""
    return counted(measure_of(establishment, month, now=now))


def lacking_of(
    establishment: Establishment, month: Month, definition: Definition, *, now: dt.datetime
) -> list[uuid.UUID]:
    """Records of the denominator that nothing was counted for."""
    measure = measure_of(establishment, month, now=now)
    return list(missing(definition, measure).values_list("id", flat=True))


def closed_figures(establishment: Establishment, month: Month) -> dict[str, list[MonthlyFigure]]:
    """Code → what was kept for this month: as it was closed, then each correction, in order."""
    kept: dict[str, list[MonthlyFigure]] = {}
    for row in rows_of(establishment, month):
        kept.setdefault(row.code, []).append(row)
    return kept


def rows_of(establishment: Establishment, month: Month) -> QuerySet[MonthlyFigure]:
    rows = MonthlyFigure.objects.filter(establishment=establishment, month=str(month))
    return rows.select_related("corrected_by").order_by("computed_at", "pk")
