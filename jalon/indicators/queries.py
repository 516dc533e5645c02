"""The figures of a month: counted, or as they were closed and corrected."""

import datetime as dt
import uuid

from django.db.models import Min, QuerySet

from jalon.core.period import Month
from jalon.indicators.counting import summed
from jalon.indicators.definitions import Definition, Figure
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.rules import Measure, measured, months_of
from jalon.indicators.tallies import at_hand, lacking
from jalon.organizations.models import Establishment
from jalon.organizations.queries import moment_at


def measure_of(
    establishment: Establishment, month: Month, *, now: dt.datetime, known_at: dt.datetime | None = None
) -> Measure:
    """What is measured; the first measure of an establishment covers three months."""
    zone = moment_at(establishment, now).zone
    began = MonthlyFigure.objects.filter(establishment=establishment).aggregate(month=Min("month"))["month"]
    months = months_of(str(month), began)
    return measured((establishment.pk,), month, zone, now=now, months=months, known_at=known_at)


def figures(establishment: Establishment, month: Month, *, now: dt.datetime) -> list[Figure]:
    """Each indicator of this establishment for this month, as the house was known when the month ended."""
    return summed(at_hand(measure_of(establishment, month, now=now)))


def lacking_of(
    establishment: Establishment, month: Month, definition: Definition, *, now: dt.datetime
) -> list[uuid.UUID]:
    """Records of the denominator that nothing was counted for."""
    return lacking(measure_of(establishment, month, now=now), definition.code)


def closed_figures(establishment: Establishment, month: Month) -> dict[str, list[MonthlyFigure]]:
    """Code → what was kept for this month: as it was closed, then each correction, in order."""
    kept: dict[str, list[MonthlyFigure]] = {}
    for row in rows_of(establishment, month):
        kept.setdefault(row.code, []).append(row)
    return kept


def rows_of(establishment: Establishment, month: Month) -> QuerySet[MonthlyFigure]:
    rows = MonthlyFigure.objects.filter(establishment=establishment, month=str(month))
    return rows.select_related("corrected_by").order_by("computed_at", "pk")
