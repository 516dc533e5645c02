"""Rows kept as values, and read again as they were: what a signature froze does not follow its row."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def frozen(row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
    """These columns of a row as JSON values."""
    return {name: plain(getattr(row, name)) for name in columns}


def plain(value: Any) -> Any:
    """A value as JSON holds it: dates and identifiers as text."""
    if value is None or isinstance(value, (str, list, int)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def thawed(model: type[Row], kept: dict[str, Any]) -> Row:
    """An instance that reads as the row did; it is in no table, and is for reading only."""
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in kept}
    return model(**{name: field.to_python(kept[name]) for name, field in fields.items()})
