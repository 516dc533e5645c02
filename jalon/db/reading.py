"""A part of a transaction that reads: PostgreSQL refuses any write in it, whoever asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_only() -> Iterator[None]:
    """Refuse every write inside, in a savepoint: what the transaction does afterwards may write again.

    PostgreSQL gives the outer transaction its own mode back when the savepoint ends, released or not.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local transaction_read_only = on")
        yield
