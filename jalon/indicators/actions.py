"""Closing a month, and correcting one: the figures, kept as they were counted."""

import datetime as dt

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.core.period import Month
from jalon.indicators.counting import counted
from jalon.indicators.definitions import VERSION, Figure
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.queries import closed_figures, measure_of
from jalon.indicators.rules import Measure
from jalon.organizations.models import Establishment
from jalon.staff.models import Professional


@transaction.atomic
def close_month(*, establishment: Establishment, month: Month, now: dt.datetime) -> list[Figure]:
    """Count a month that is over, and keep its figures.

    Raises DomainError `month_running` or `month_closed`: what was closed is corrected, never counted over.
    """
    _lock(establishment)
    measure = measure_of(establishment, month, now=now)
    if measure.known_at is None:
        raise DomainError(
            f"{month.label.capitalize()} n’est pas fini. Clôturez-le le mois prochain.", code="month_running"
        )
    if closed_figures(establishment, month):
        raise DomainError(
            f"{month.label.capitalize()} est déjà clos. Corrigez-le en disant pourquoi.", code="month_closed"
        )
    found = counted(measure)
    _keep(establishment, measure, found)
    record_entry("indicators.closed", on=establishment.pk, by=None, facts={"month": str(month)})
    return found


@transaction.atomic
def correct_month(
    *, establishment: Establishment, month: Month, reason: str, by: Professional, now: dt.datetime
) -> list[Figure]:
    """Count a closed month with what is known today: new rows, with the reason; the former ones stay.

    Raises DomainError `correction_without_reason`, `month_not_closed` or `nothing_to_correct`.
    """
    if not reason.strip():
        raise DomainError("Dites pourquoi ce mois est corrigé.", code="correction_without_reason")
    _lock(establishment)
    kept = closed_figures(establishment, month)
    if not kept:
        raise DomainError(
            f"{month.label.capitalize()} n’est pas clos : il n’y a rien à corriger.", code="month_not_closed"
        )
    measure = measure_of(establishment, month, now=now, known_at=now)
    found = counted(measure)
    last = {code: (rows[-1].numerator, rows[-1].denominator) for code, rows in kept.items()}
    changed = [one for one in found if last.get(one.definition.code) != (one.numerator, one.denominator)]
    if not changed:
        raise DomainError(
            "Ce qui est connu aujourd’hui ne change aucun chiffre de ce mois.", code="nothing_to_correct"
        )
    _keep(establishment, measure, changed, reason=reason.strip(), by=by)
    facts = {"month": str(month), "codes": [one.definition.code for one in changed]}
    record_entry("indicators.corrected", on=establishment.pk, by=by, facts=facts)
    return found


def _lock(establishment: Establishment) -> None:
    """One closing or correction at a time."""
    Establishment.objects.select_for_update().get(pk=establishment.pk)


def _keep(
    establishment: Establishment,
    measure: Measure,
    found: list[Figure],
    *,
    reason: str = "",
    by: Professional | None = None,
) -> None:
    MonthlyFigure.objects.bulk_create(
        MonthlyFigure(
            establishment=establishment, month=str(measure.month), code=figure.definition.code,
            numerator=figure.numerator, denominator=figure.denominator, target=figure.definition.target,
            definition=VERSION, first_day=measure.first_day, known_at=measure.known_at, reason=reason,
            corrected_by=by,
        )
        for figure in found
    )  # fmt: skip
