"""Tasks that carry their managing body, on Procrastinate: ids only in their arguments, never a name."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jalon.db.tenant import current_tenant, tenant
from jalon.organizations.models import ManagingBody

TRIES = 6  # then a job fails for good: its waits (3 s, 9 s, 27 s…) made some eighteen minutes
BACKOFF = RetryStrategy(max_attempts=TRIES, exponential_wait=3)


def tenant_task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A task whose managing body is read when it is deferred, and handed as `managing_body` when it runs.

    It runs outside any transaction: it opens `tenant(managing_body)` to read, once more to write the result,
    and holds nothing during a network call.
    """

    def wrap(func: Callable[..., Any]) -> Any:
        name = f"{func.__module__}.{func.__name__}"
        task = app.task(name=name, **options)(func)

        @functools.wraps(func)
        def request(
            *,
            schedule_in: dict[str, int] | None = None,
            lock: str | None = None,
            queueing_lock: str | None = None,
            **kwargs: Any,
        ) -> int | None:
            """The number of the job; None when one waits already under this queueing lock."""
            body = current_tenant()
            if body is None:
                raise RuntimeError("a tenant task is deferred inside a tenant")
            deferrer = task.configure(schedule_in=schedule_in, lock=lock, queueing_lock=queueing_lock)
            try:
                with transaction.atomic():  # a savepoint: what the database refuses undoes this job alone
                    return deferrer.defer(managing_body=str(body), **kwargs)
            except AlreadyEnqueued:
                return None

        task.request = request
        return task

    return wrap


def for_each_body(func: Callable[[], Any]) -> None:
    """Run a short piece of work in each managing body, one transaction each."""
    for body in ManagingBody.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(body):
            func()
