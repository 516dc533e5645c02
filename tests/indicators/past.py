"""Facts as they were written in a past month: the histories are what the figures of that month read."""

import datetime as dt
from typing import Any, TypeVar

from django.db import connection, models

from jalon.db.past import versions

Row = TypeVar("Row", bound=models.Model)


def written(row: models.Model, at: dt.datetime, label: str = "insert", **changes: Any) -> None:
    """One version more of this row in its history, as if it had been written then.

    `changes`: what its columns held. Only rows can be added to a history: the one of today stays after it.
    """
    events = versions(type(row)).model._meta
    last = versions(type(row)).filter(pgh_obj_id=row.pk).order_by("-pgh_id").values().first()
    assert last is not None
    values = {**last, "pgh_created_at": at, "pgh_label": label, **changes}
    del values["pgh_id"]
    _insert(events, values)


def put(row: Row) -> Row:
    """Write this row with all that it says, its instants too, which the product would set itself."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    _insert(row._meta, {name: value for name, value in values.items() if name != "managing_body_id"})
    return row


def _insert(table: Any, values: dict[str, Any]) -> None:
    columns = [field for field in table.local_concrete_fields if field.attname in values]
    prepared = [field.get_db_prep_save(values[field.attname], connection) for field in columns]
    names = ", ".join(f'"{field.column}"' for field in columns)
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(columns))
        cursor.execute(f'insert into "{table.db_table}" ({names}) values ({places})', prepared)
