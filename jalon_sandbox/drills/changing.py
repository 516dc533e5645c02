"""Migrations of the kinds that the product uses, one after the other, as `jalon migrate` does them.

    python -m jalon_sandbox.drills.changing TIMES    prints the seconds of each kind, as JSON

run beside the drill, on the database of the environment, whose site knows nothing of them. Each time leaves
the tables as they were.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db.migrations import Migration, operations
from django.db.models import CharField, CheckConstraint, Index, Q

from jalon.commands.django_setup import as_owner, setup

BATCH: Final = 500
FILLED: Final = """
update people_person set {column} = 'fait'
where id in (select id from people_person where {column} = '' order by id limit {batch})"""
NOTE: Final = "handovernote"


def steps(number: int) -> Iterator[tuple[str, str, list[Any], bool]]:
    """Kind, application, operations, in a transaction?"""
    column = f"drill_{number}"
    text = CharField(max_length=20, blank=True, default="")
    index = Index(fields=["managing_body", column], name=f"{column}_index")
    check = CheckConstraint(condition=~Q(**{column: "jamais"}), name=f"{column}_check")
    yield "column", "people", [operations.AddField("person", column, text)], True
    yield "column", "care", [operations.AddField(NOTE, column, text)], True
    yield "index", "care", [AddIndexConcurrently(NOTE, index)], False
    yield "rows", "people", [operations.RunPython(_fill(column))], False
    yield "constraint", "care", [AddConstraintNotValid(NOTE, check)], True
    yield "proved", "care", [ValidateConstraint(NOTE, check.name)], True
    yield "undone", "care", [RemoveIndexConcurrently(NOTE, index.name)], False
    dropped = [operations.RemoveConstraint(NOTE, check.name), operations.RemoveField(NOTE, column)]
    yield "undone", "care", dropped, True
    yield "undone", "people", [operations.RemoveField("person", column)], True


def _fill(column: str) -> Any:
    def fill(apps: Any, editor: Any) -> None:
        from jalon.db.tenant import tenant

        for body in list(apps.get_model("organizations", "ManagingBody").objects.all()):
            more = True
            while more:
                with tenant(body.pk), editor.connection.cursor() as cursor:
                    cursor.execute(FILLED.format(column=column, batch=BATCH))
                    more = cursor.rowcount == BATCH

    return fill


def change(times: int) -> dict[str, list[float]]:
    """Every step, so many times; the seconds of each, by kind."""
    from django.db import connection

    from jalon.db.migrating import WholeExecutor, use_whole_migrations
    from jalon.db.online import stops

    as_owner()
    use_whole_migrations()
    executor, seconds = WholeExecutor(connection), defaultdict(list)
    state = executor.loader.project_state()
    for number in range(times):
        for rank, (kind, app, todo, whole) in enumerate(steps(number)):
            migration: Any = Migration(f"drill_{number}_{rank}", app)
            migration.operations, migration.atomic = todo, whole
            if kind != "undone" and stops(migration, state):
                raise AssertionError(f"{kind} would ask for a stop")
            began = time.monotonic()
            state = executor.apply_migration(state, migration)
            seconds[kind].append(round(time.monotonic() - began, 3))
            executor.recorder.record_unapplied(app, migration.name)
    return seconds


if __name__ == "__main__":
    setup()
    sys.stdout.write(json.dumps(change(int(sys.argv[1]))))
