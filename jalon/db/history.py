"""Who wrote, and on what occasion: said once for the transaction, kept by the triggers in each history row.

The library's own context puts itself in front of every statement, which the server then cannot prepare.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_SET = (
    "select set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
)
_READ = (
    "select current_setting('pghistory.context_id', true),"
    " current_setting('pghistory.context_metadata', true)"
)


@contextmanager
def history(**facts: Any) -> Iterator[None]:
    """Keep these facts (ids and codes) beside every change made inside, with those said around it.

    In a savepoint: undone, its changes go and what was said around comes back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_READ)
        group, said = (value or "" for value in cursor.fetchone())
        known = json.loads(said) if said else {}
        cursor.execute(_SET, [group or str(uuid.uuid4()), json.dumps(known | facts)])
        yield
        cursor.execute(_SET, [group, said])
