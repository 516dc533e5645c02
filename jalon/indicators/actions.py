"""Closing a month: the figures, kept as they were counted."""

from django.db import transaction

from jalon.core.period import Month
from jalon.indicators.definitions import VERSION, Figure
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.queries import figures
from jalon.organizations.models import Establishment


@transaction.atomic
def close_month(*, establishment: Establishment, month: Month) -> list[Figure]:
    """Count the month and keep the figures. Counting again adds rows: the former ones stay."""
    counted = figures(establishment, month)
    MonthlyFigure.objects.bulk_create(
        MonthlyFigure(
            establishment=establishment, month=str(month), code=figure.definition.code,
            numerator=figure.numerator,
            denominator=figure.denominator, target=figure.definition.target, definition=VERSION,
        )
        for figure in counted
    )  # fmt: skip
    return counted
