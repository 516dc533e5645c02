"""One way to change a row: lock it, compare, set what differs, and tell what that was.

What may be set is closed, and named once a model: a `TypedDict` (`PersonChanges`) that the type checker reads
at each caller through `Unpack`, and that `apply` reads again at run time, where Python does not check.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from jalon.core.text import one_line

Row = TypeVar("Row", bound=models.Model)


def lock(row: Row) -> Row:
    """The same row, as the database has it now, nobody else changing it until the end of the transaction."""
    locked: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    return locked


def hold(row: models.Model) -> None:
    """Lock the row and read it again in place: what is compared with it stays true until the end."""
    row.refresh_from_db(from_queryset=type(row)._default_manager.select_for_update(of=("self",)))


def apply(row: models.Model, changes: Mapping[str, object], *, allowed: type[Any]) -> set[str]:
    """Set on `row` what differs from it; the names of what did. A text of one line is set as it reads.

    Raises DomainError `unseen_character`, with its field. Raises TypeError for a name that is not of
    `allowed`: no use case sets it, whoever calls.
    """
    if refused := set(changes) - allowed.__optional_keys__:
        label = row._meta.label
        raise TypeError(f"{', '.join(sorted(refused))}: not of {allowed.__name__}, never set on {label}")
    said = {name: _as_it_reads(row, name, value) for name, value in changes.items()}
    changed = {name for name, value in said.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, said[name])
    return changed


def _as_it_reads(row: models.Model, name: str, value: object) -> object:
    """What was typed in one line; what comes back as it was received stays as it is, to the character."""
    field = row._meta.get_field(name)
    typed = isinstance(value, str) and value != getattr(row, name)
    return one_line(str(value), name) if typed and isinstance(field, models.CharField) else value
