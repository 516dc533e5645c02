"""Migrations that are done and noted, or neither.

Django notes a migration after its transaction when it left statements for the end (foreign keys, policies:
all of ours do). A process killed in between leaves a schema that the next run tries to make, and cannot.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration


class WholeExecutor(MigrationExecutor):
    """The executor of Django, with one transaction around the work of a migration and its note."""

    def apply_migration(self, state: Any, migration: Migration, *args: Any, **kwargs: Any) -> Any:
        """As Django does; what declares itself not atomic (an index built beside the writes) stays so."""
        if not migration.atomic:
            return super().apply_migration(state, migration, *args, **kwargs)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, *args, **kwargs)


def use_whole_migrations() -> None:
    """Make the `migrate` command of this process work so: it takes its executor from its own module."""
    setattr(migrate, "MigrationExecutor", WholeExecutor)  # noqa: B010  a name of the command's module
