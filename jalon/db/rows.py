"""What becomes of the rows of a table, said once, on its model.

    @tracked()            every version is kept, with who wrote it; rows may change
    @append_only          rows are added, never changed nor removed: a trace, a proof
    @exempt("because …")  neither, and why

The history triggers and the privileges of the application role are derived from it (`jalon.db.hardening`),
and whatever goes through all the tables reads it. A table that says nothing is refused by `jalon migrate`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pghistory
from django.apps import apps
from django.db import models
from pghistory.models import Event

M = TypeVar("M", bound=type[models.Model])


@dataclass(frozen=True)
class Tracked:
    """Every version of a row is kept, but for the columns of `exclude`."""

    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class AppendOnly:
    """A row is written once."""


@dataclass(frozen=True)
class Exempt:
    """Neither, and why."""

    why: str


Rows = Tracked | AppendOnly | Exempt


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Class decorator: keep every version of the rows of this model, in a table of the same tenant.

    The event table of a tenant table gets its own policy through the copied `managing_body` field. Each loses
    UPDATE and DELETE for the application role in `jalon migrate` (any role silences a trigger alone).
    """
    keep = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=list(exclude) or None,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(null=True),
    )
    return lambda model: _declare(keep(model), Tracked(exclude))


def append_only(model: M) -> M:
    """Class decorator: the application role loses UPDATE and DELETE on this table."""
    return _declare(model, AppendOnly())


def exempt(why: str) -> Callable[[M], M]:
    """Class decorator: no history and no guard, for the reason given."""
    return lambda model: _declare(model, Exempt(why))


def _declare(model: M, rows: Rows) -> M:
    model.rows = rows  # type: ignore[attr-defined]  # what this decorator adds
    return model


def rows_of(model: type[models.Model]) -> Rows:
    """What this model says of its rows; a history keeps those of another. Raises LookupError."""
    if issubclass(model, Event):
        return AppendOnly()
    said: Rows | None = vars(model).get("rows")
    if said is None:
        raise LookupError(
            f"{model._meta.label} says nothing of its rows: tracked, append_only or exempt (jalon.db.rows)"
        )
    return said


def declared() -> dict[type[models.Model], Rows]:
    """Every table of the product, histories included, with what becomes of its rows. Raises LookupError."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("jalon."))
    return {model: rows_of(model) for model in ours}
