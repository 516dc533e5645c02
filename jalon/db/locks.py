"""What one transaction does at a time, without a row to lock."""

from django.db import connection

from jalon.db.tenant import current_tenant


def one_at_a_time(what: str) -> None:
    """Wait until no other transaction of this managing body is at `what`, then hold it until the end of ours.

    For what no row stands for yet: two agents who register the same person at the same instant.
    """
    with connection.cursor() as cursor:
        name = f"jalon {what} {current_tenant()}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
