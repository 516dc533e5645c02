"""The words of the file numbers known before: a batch at a time, so that nobody waits and a stop loses nothing."""

import importlib

from django.db import migrations

from jalon.db.tenant import tenant

BATCH = 5_000
NUMBERED = importlib.import_module("jalon.records.migrations.0002_words_of_file_numbers").NUMBERED
# Held while their words are written: a number that changes meanwhile waits, and its trigger writes after us.
STAYS = """(
  SELECT * FROM records_stay WHERE id > %(after)s AND id <= %(last)s FOR SHARE
)"""
LAST = """
SELECT max(id::text) FROM (SELECT id FROM records_stay WHERE id > %(after)s ORDER BY id LIMIT %(batch)s) AS one
"""
FIRST = "00000000-0000-0000-0000-000000000000"


def write_words(apps, schema_editor):
    bodies = apps.get_model("organizations", "ManagingBody").objects.order_by("pk")
    for body in list(bodies.values_list("pk", flat=True)):
        after = FIRST
        while after:
            with tenant(body), schema_editor.connection.cursor() as cursor:
                after = _batch(cursor, after)


def _batch(cursor, after):
    """The words of the stays that follow; the last of them, None when none is left."""
    cursor.execute(LAST, {"after": after, "batch": BATCH})
    last = cursor.fetchone()[0]
    if last:
        statement = NUMBERED.format(people="people_person", stays=STAYS)
        cursor.execute(statement, {"after": after, "last": last})
    return last


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("records", "0002_words_of_file_numbers")]
    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
