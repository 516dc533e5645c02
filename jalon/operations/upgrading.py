"""Upgrading the database of a site: what is to be done, whether it may be, and whether all is still there.

Nothing here takes a backup nor prints: `jalon upgrade` does, in that order.
"""

from typing import Any, Final

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from jalon.core.errors import DomainError
from jalon.db.hardening import harden
from jalon.db.migrating import use_whole_migrations
from jalon.db.online import stops
from jalon.operations.integrity import TABLES

UNSURE: Final = """
select conrelid::regclass || '.' || conname from pg_constraint
where connamespace = 'public'::regnamespace and not convalidated
union all
select indexrelid::regclass::text from pg_index join pg_class on pg_class.oid = indexrelid
where relnamespace = 'public'::regnamespace and not indisvalid"""
# Rows that migrations themselves write or drop: what Django knows of its own models.
OF_THE_FRAMEWORK: Final = ("django_", "auth_")


def pending() -> list[str]:
    """Names of the migrations to come, `app.name`, in their order.

    Raises DomainError when the base knows one that this software does not: it is of a later version.
    """
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations.keys()
    later = [f"{app}.{name}" for app, name in executor.loader.applied_migrations if (app, name) not in known]
    if later:
        raise DomainError(
            f"La base est d’une version plus récente que ce logiciel ({', '.join(sorted(later))}) : "
            "installez cette version, ou restaurez une sauvegarde d’avant.",
            code="later_base",
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def stopping() -> dict[str, list[str]]:
    """The migrations to come for which the site must be stopped, and why; none when it may serve."""
    executor = MigrationExecutor(connection)
    applied, found = executor.loader.applied_migrations, {}
    state = executor.loader.project_state([name for name in applied if name in executor.loader.graph.nodes])
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if why := stops(migration, state):
            found[f"{migration.app_label}.{migration.name}"] = why
        state = migration.mutate_state(state, preserve=False)
    return found


def is_ours(reader: psycopg.Connection[Any]) -> bool:
    """Whether a base is exactly of this version: it knows every migration of this software, and no other."""
    applied = reader.execute("select app, name from django_migrations").fetchall()
    return set(applied) == MigrationLoader(None).disk_migrations.keys()


def migrate() -> None:
    """Every migration, each done and noted or neither; then the rights that the application must not have."""
    use_whole_migrations()
    call_command("migrate", verbosity=0, interactive=False)
    harden()


def counts(reader: psycopg.Connection[Any]) -> dict[str, int]:
    """Table → its rows, by the role that reads everything."""
    query, found = sql.SQL("select count(*) from {}"), {}
    for (name,) in reader.execute(TABLES).fetchall():
        if not name.startswith(OF_THE_FRAMEWORK):
            ((found[name],),) = reader.execute(query.format(sql.Identifier(name))).fetchall()
    return found


def faults(reader: psycopg.Connection[Any], before: dict[str, int]) -> list[str]:
    """What an upgraded base lacks, one French sentence each."""
    after = counts(reader)
    lost = [name for name, number in before.items() if after.get(name, 0) < number]
    unsure = [name for (name,) in reader.execute(UNSURE).fetchall()]
    return [
        *(f"{name} : {before[name]} lignes avant, {after.get(name, 0)} après" for name in lost),
        *(f"{name} n’est pas vérifié par la base" for name in unsure),
        *(f"la migration {name} reste à faire" for name in pending()),
    ]
