"""Migrations run in a process of their own: as far as a release went, or killed at a given place.

`python -m tests.releases.migrating as-far-as 0_1`, or `killed PLACE`, where PLACE is `before:N` (the work of
the N-th migration of this run is done, and not yet noted), `after:N` (it is noted, the next has not begun) or
`hardening` (every migration is noted, and the rights are not yet withdrawn).
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from jalon.commands.django_setup import as_owner, setup
from tests.releases.release import Release
from tests.support import PROJECT

NOTED = 'INSERT INTO "django_migrations"'


def as_far_as(release: Release) -> None:
    """Apply what that release had applied, and nothing more."""
    from django.db import connection

    from jalon.db.migrating import WholeExecutor

    as_owner()
    last = {app: (app, name) for app, name, _ in release.migrations()}
    WholeExecutor(connection).migrate(list(last.values()))


def killed(place: str) -> None:
    """`jalon migrate`, by a process that dies at `place`."""
    from django.db import connection

    from jalon.commands.parts import migrate

    with connection.execute_wrapper(_dying(place)):
        migrate()


def _dying(place: str) -> Callable[..., Any]:
    from django.db import transaction

    when, _, number = place.partition(":")
    noted = 0

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal noted
        here = sql.startswith(NOTED)
        noted += here
        if (when == "before" and noted == int(number)) or (when == "hardening" and sql.startswith("REVOKE")):
            _die()
        result = run(sql, params, many, context)
        if when == "after" and here and noted == int(number):
            transaction.on_commit(_die)
        return result

    return execute


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Do what the two arguments say."""
    what, told = sys.argv[1:]
    setup()
    if what == "killed":
        killed(told)
    else:
        as_far_as(Release(PROJECT / "tests/releases" / told))


if __name__ == "__main__":
    main()
