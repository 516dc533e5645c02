"""A service that no longer answers is tried by one job at a time; its first answer wakes the others.

After some failures in a row it is *silent*: whoever comes to it waits, but for one that tries again when it
is time. What waits comes back spread over the time it would take to send it: no storm at the return. What is
known of a service (a destination, INSi, the operator's mailboxes) holds for the whole installation.
"""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from jalon.core.errors import GatewayError, Unreachable
from jalon.exchange.models import Silence

PATIENCE = 3  # failures in a row before it is said to be silent
LONGEST = 120  # seconds between two tries: an hour's outage ends within as much of its return
APART = 300  # seconds over which those that wait look again, should whoever tries be lost
RATE = 5.0  # sendings a second when it answers again
FORGET = "delete from exchange_silence where destination = %s returning next_at"
WAITING = "queue_name = %(lane)s and status = 'todo' and scheduled_at > now()"
WAKE = f"""
update procrastinate_jobs set scheduled_at = now() + interval '1 second' * random()
    * (select count(*) from procrastinate_jobs where {WAITING}) / %(rate)s
where {WAITING}"""  # noqa: S608  two parts of ours


def pause(failures: int, first: int, chance: float) -> int:
    """Seconds before a next try, longer after each failure; `chance`, from 0 to 1, sets them apart. Pure."""
    whole = min(first * 2 ** min(failures - PATIENCE, 10), LONGEST)
    return max(1, round(whole * (0.75 + chance / 2)))


def wait(destination: str, now: dt.datetime) -> int | None:
    """In how many seconds to come back; None for whoever may send, or is the one that tries."""
    with transaction.atomic():
        silence = Silence.objects.select_for_update().filter(pk=destination, next_at__isnull=False).first()
        if silence is None or silence.next_at is None:
            return None
        if silence.next_at <= now:
            silence.next_at = now + dt.timedelta(seconds=LONGEST)  # whoever tries says more, unless it dies
            silence.save()
            return None
        left = (silence.next_at - now).total_seconds()
    return round(left + random.uniform(1, APART))  # noqa: S311  no secret


def failed(destination: str, now: dt.datetime) -> int | None:
    """It did not answer: in how many seconds to try again once it is silent, None before."""
    with transaction.atomic():
        silence, new = Silence.objects.select_for_update().get_or_create(
            pk=destination, defaults={"since": now}
        )
        silence.failures = min(silence.failures + 1, 1000)
        again = None
        if silence.failures >= PATIENCE:
            again = pause(silence.failures, settings.RETRY_AFTER, random.random())  # noqa: S311  no secret
            silence.next_at = now + dt.timedelta(seconds=again)
        silence.save()
    return again


def answered(destination: str) -> None:
    """It did. If it was silent, what waits for it is woken, spread in time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGET, [destination])
        was_silent = any(next_at for (next_at,) in cursor.fetchall())
        if was_silent:
            cursor.execute(WAKE, {"lane": destination, "rate": RATE})


@contextmanager
def listening(service: str, now: dt.datetime) -> Iterator[None]:
    """Tell what came of the calls of a block: no answer, or one, were it a refusal; ours say nothing."""
    try:
        yield
    except Unreachable:
        failed(service, now)
        raise
    except GatewayError:
        answered(service)
        raise
    answered(service)


def silent() -> dict[str, dt.datetime]:
    """The destinations that do not answer any more, and since when."""
    return dict(Silence.objects.filter(next_at__isnull=False).values_list("destination", "since"))
