"""History by trigger: each version of a row, who wrote it, in a table of the same tenant."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Class decorator: keep every version of the rows of this model.

    The event table gets its own tenant policy through the copied `managing_body` field, and loses UPDATE and
    DELETE for the application role in `jalon migrate` (a trigger alone can be silenced by any role).
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=list(exclude) or None,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(null=True),
    )
