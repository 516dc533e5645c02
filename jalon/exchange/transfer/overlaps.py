"""Stays that end before they begin, or overlap in one record: told with their place."""

import datetime as dt
from collections.abc import Iterable, Mapping

from jalon.core.errors import DomainError
from jalon.records.models import Stay


def refuse_overlaps(stays: Iterable[Stay], places: Mapping[str, str]) -> None:
    """Raises DomainError `stay_reversed`, or `stays_overlap` when a stay not written yet meets another of its
    record. The day of exit is not counted: leaving and coming back the same day happens.
    """
    pending = [stay for stay in stays if stay.starts_on]
    for stay in pending:
        if _days(stay)[1] < _days(stay)[0]:
            raise DomainError(
                "La sortie est avant l’entrée.", code="stay_reversed", place=_place(stay, places)
            )
    if not pending:
        return
    known = Stay.objects.filter(record__in={stay.record_id for stay in pending}, starts_on__isnull=False)
    beside: dict[object, list[Stay]] = {}
    for stay in (*known.exclude(pk__in=[stay.pk for stay in pending]), *pending):
        others = beside.setdefault(stay.record_id, [])
        if any(_meet(stay, other) for other in others):
            raise DomainError(
                "Un autre séjour de la personne tient déjà ces dates dans cet établissement.",
                code="stays_overlap",
                place=_place(stay, places),
            )
        others.append(stay)


def _place(stay: Stay, places: Mapping[str, str]) -> str:
    return f"{places.get(str(stay.pk), stay.key)}.period"


def _meet(one: Stay, other: Stay) -> bool:
    """As the table sees them: a stay of no day at all meets nothing."""
    (start, end), (other_start, other_end) = _days(one), _days(other)
    return max(start, other_start) < min(end, other_end) and start < end and other_start < other_end


def _days(stay: Stay) -> tuple[dt.date, dt.date]:
    return stay.starts_on or dt.date.min, stay.ends_on or dt.date.max
