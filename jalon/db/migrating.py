"""Migrations that are done and noted, or neither, while the site serves.

Django notes a migration after its transaction when it left statements for the end (foreign keys, policies:
all of ours do). A process killed in between leaves a schema that the next run tries to make, and cannot.

A migration takes each table that it changes before it changes any, and gives up soon: whoever waits behind
it waits less than two seconds, and no page is the victim of a deadlock (PostgreSQL looks for one after a
second). It then tries again. What that cannot do beside the pages is said by `jalon.db.online`.
"""

import time
from typing import Any, Final

import psycopg
import structlog
from django.core.management.commands import migrate
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from jalon.db.lean_state import LeanState
from jalon.db.online import tables_of

log = structlog.get_logger()
FIRST: Final = (
    1.2  # seconds for the first table: after one, PostgreSQL sends away its own cleaning of a table
)
REST: Final = 0.5  # seconds for all the others: pages wait for the first one meanwhile
PATIENCE: Final = 300.0  # seconds of tries, between which pages pass
PAUSES: Final = (0.5, 1, 2, 4)
HELD: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
THERE: Final = (
    "select relname from pg_class where relkind = 'r' and pg_table_is_visible(oid) and relname = any(%s)"
)


class WholeExecutor(MigrationExecutor):
    """The executor of Django, with one transaction around the work of a migration and its note."""

    def migrate(
        self,
        targets: Any,
        plan: Any = None,
        state: ProjectState | None = None,
        fake: bool = False,  # noqa: FBT001, FBT002  Django's signature
        fake_initial: bool = False,  # noqa: FBT001, FBT002  Django's signature
    ) -> ProjectState:
        """As Django does, from the models as they are known here."""
        return super().migrate(targets, plan, LeanState.of(state) if state else None, fake, fake_initial)

    def apply_migration(self, state: Any, migration: Migration, *args: Any, **kwargs: Any) -> Any:
        """As Django does, again while a table is held by others.

        What declares itself not atomic (an index built beside the writes) waits as long as it must: it stands
        in nobody's way. Raises OperationalError when a table was not free in PATIENCE seconds.
        """
        if not migration.atomic:
            return super().apply_migration(state, migration, *args, **kwargs)
        queue, known = Queue(tables_of(migration, state)), LeanState.of(state)
        while True:
            try:
                with transaction.atomic(using=self.connection.alias):
                    queue.take(self.connection)
                    return super().apply_migration(state, migration, *args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, HELD) or not queue.may_try_again():
                    raise
                log.warning("migration_waits", migration=str(migration), table=queue.tables[:1])
                state = LeanState.of(known)  # what was tried has changed the other one


class Queue:
    """The tables that a migration takes, the one that was not free at its head."""

    def __init__(self, tables: set[str]) -> None:
        self.tables = sorted(tables)
        self.tries, self.until = 0, time.monotonic() + PATIENCE

    def take(self, database: Any) -> None:
        """Each table that is there, for this transaction. Raises OperationalError when one is not free."""
        with database.cursor() as cursor:
            cursor.execute(THERE, [self.tables])
            there = {name for (name,) in cursor.fetchall()}
            left, began = FIRST, 0.0
            for name in [one for one in self.tables if one in there]:
                _within(cursor, left)
                self._to_the_head(name)
                cursor.execute(f'lock table "{name}" in access exclusive mode')
                began = began or time.monotonic()
                left = max(0.01, REST - (time.monotonic() - began))
            _within(cursor, REST)  # of what the migration reaches besides

    def _to_the_head(self, name: str) -> None:
        self.tables = [name, *(one for one in self.tables if one != name)]

    def may_try_again(self) -> bool:
        """Let the others pass; False when it has been long enough."""
        pause = PAUSES[min(self.tries, len(PAUSES) - 1)]
        self.tries += 1
        if time.monotonic() + pause > self.until:
            return False
        time.sleep(pause)
        return True


def _within(cursor: Any, seconds: float) -> None:
    cursor.execute("select set_config('lock_timeout', %s, true)", [f"{round(1000 * seconds)}ms"])


def use_whole_migrations() -> None:
    """Make the `migrate` command of this process work so: it takes its executor from its own module.

    A column that is added keeps its default in the database: the release that still serves does not know it,
    and goes on writing rows.
    """
    setattr(migrate, "MigrationExecutor", WholeExecutor)  # noqa: B010  a name of the command's module
    kept = {"_alter_column_default_sql": _kept}
    connection.SchemaEditorClass = type("KeepingDefaults", (DatabaseSchemaEditor,), kept)


def _kept(editor: Any, model: Any, old_field: Any, new_field: Any, drop: bool = False) -> Any:
    """What Django takes away once a column is added (`old_field` is None) is set again instead."""
    written = DatabaseSchemaEditor._alter_column_default_sql  # type: ignore[attr-defined]  # of its base
    return written(editor, model, old_field, new_field, drop=drop and old_field is not None)
