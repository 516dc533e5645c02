"""A tracked table as it was at an instant, read from its history: later facts change no past figure."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet


def versions(model: type[Model]) -> QuerySet[Any]:
    """Every version of every row of a tracked table: its columns, `pgh_created_at`, `pgh_label`."""
    events: Any = model._meta.get_field("events").related_model
    return events._default_manager.all()


def as_of(model: type[Model], instant: dt.datetime | None, only: Any = None) -> QuerySet[Any]:
    """The rows of a tracked table just before `instant`, or as they are now without one.

    Both have the columns of the model, `id` among them. What was deleted before is not there, what was
    deleted since is. `only`: the identifiers of those to look at, whatever `__in` takes.
    """
    if instant is None:
        rows = model._default_manager.all()
        return rows if only is None else rows.filter(pk__in=only)
    known = versions(model).filter(pgh_created_at__lt=instant)
    if only is not None:
        known = known.filter(pgh_obj_id__in=only)
    later = known.filter(pgh_obj_id=OuterRef("pgh_obj_id")).filter(
        Q(pgh_created_at__gt=OuterRef("pgh_created_at"))
        | Q(pgh_created_at=OuterRef("pgh_created_at"), pgh_id__gt=OuterRef("pgh_id"))
    )
    return known.exclude(pgh_label="delete").filter(~Exists(later))


def by_hand(model: type[Model], start: dt.datetime, end: dt.datetime) -> QuerySet[Any]:
    """Versions that a professional wrote in that time: neither an import nor a task of the house."""
    written = versions(model).filter(pgh_created_at__gte=start, pgh_created_at__lt=end)
    return written.filter(pgh_context__professional__isnull=False).exclude(pgh_context__has_key="transfer")


def ids(rows: QuerySet[Any], column: str = "id") -> QuerySet[Any]:
    """One column, for a sub-query."""
    return rows.values(found=F(column))
