"""The chain of accesses, sealed within a minute."""

import uuid

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from jalon.audit.actions import SEALED_AT_ONCE, keep_head, seal
from jalon.db.tenant import tenant
from jalon.organizations.queries import bodies


@app.periodic(cron="* * * * * */30")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_accesses(timestamp: int) -> None:
    """Twice a minute, in each managing body: make the links, then keep the new head outside the database.

    The head is written after the commit: a head ahead of the chain would cry break for a crash. A chain that
    did not grow has no new head: the file grows with the accesses, not with the clock.
    """
    for body in bodies():
        while _seal_some(body) == SEALED_AT_ONCE:
            continue


def _seal_some(body: uuid.UUID) -> int:
    with tenant(body):
        made = seal()
    if made:
        with tenant(body):
            keep_head(settings.SEAL_FILE, timezone.now())
    return made
