"""What `jalon migrate` does after the migrations: append-only by rights, and history that cannot be silenced.

A trigger alone does not hold: any role may set `pgtrigger.ignore`. So the application role loses UPDATE and
DELETE on append-only tables, and the function that reads that setting always answers no (each installation of
a trigger puts the original back, hence here and not in a migration; a house test reads the catalogue).
"""

from django.db import connection, transaction

from jalon.db.rows import AppendOnly, declared

NEVER_IGNORE = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql STABLE AS 'select false'"""


def append_only_tables() -> list[str]:
    """Tables to which rows are only added, by what their models say: histories, traces, proofs."""
    return sorted(model._meta.db_table for model, rows in declared().items() if isinstance(rows, AppendOnly))


@transaction.atomic
def harden() -> None:
    """Run as the owner, after every migration; running it again changes nothing."""
    with connection.cursor() as cursor:
        for table in append_only_tables():
            cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM jalon_app')
        cursor.execute("GRANT SELECT ON django_migrations TO jalon_app")  # is the base where the code is?
        cursor.execute(NEVER_IGNORE)
