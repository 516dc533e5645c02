"""What all the processes keep in mind for some minutes: of those who add one thing, one only is first."""

import datetime as dt

from django.db import connection

from jalon.staff.models import Remembered

# One statement: of two processes that add the same key, the second waits for the first, then is told no.
ADD = """
INSERT INTO staff_remembered (digest, value, ends_at) VALUES (%s, %s::jsonb, %s)
ON CONFLICT (digest) DO UPDATE SET value = excluded.value, ends_at = excluded.ends_at
WHERE staff_remembered.ends_at <= %s"""


def remember(row: Remembered, now: dt.datetime) -> bool:
    """Keep it unless something is kept already under its digest; whether it was kept."""
    value = Remembered._meta.get_field("value").get_db_prep_save(row.value, connection)
    with connection.cursor() as cursor:
        cursor.execute(ADD, [row.digest, value, row.ends_at, now])
        return cursor.rowcount == 1
