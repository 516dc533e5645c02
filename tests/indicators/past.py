"""Facts as they were written in a past month: the histories are what the figures of that month read."""

import datetime as dt
from typing import Any

from django.db import connection, models

from jalon.db.past import versions


def written(row: models.Model, at: dt.datetime, label: str = "insert", **changes: Any) -> None:
    """One version more of this row in its history, as if it had been written then.

    `changes`: what its columns held. Only rows can be added to a history: the one of today stays after it.
    """
    events = versions(type(row)).model._meta
    last = versions(type(row)).filter(pgh_obj_id=row.pk).order_by("-pgh_id").values().first()
    assert last is not None
    values = {**last, "pgh_created_at": at, "pgh_label": label, **changes}
    del values["pgh_id"]
    columns = [field for field in events.local_concrete_fields if field.attname in values]
    prepared = [field.get_db_prep_save(values[field.attname], connection) for field in columns]
    names = ", ".join(f'"{field.column}"' for field in columns)
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(columns))
        cursor.execute(f'insert into "{events.db_table}" ({names}) values ({places})', prepared)
