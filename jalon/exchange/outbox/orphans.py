"""Deliveries under way that no job will take up any more: none may stay « en cours d’envoi » for ever."""

import datetime as dt

from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from jalon.exchange.jobs import without_job
from jalon.exchange.models import UNDER_WAY, Delivery
from jalon.exchange.outbox import state
from jalon.exchange.rules import Next, orphaned

LABELS = {
    Next.TO_CHECK: "erreur interne répétée : rien ne dit si le destinataire l’a reçu",
    Next.REFUSED: "erreur interne répétée : rien n’est parti",
}


def settle(now: dt.datetime) -> list[Delivery]:
    """Show to a person those whose job failed for good; those that need a new job.

    A delivery asks for its next job while the present one still runs: one without any is an orphan at once,
    there is no delay to wait for.
    """
    return [one for one in _orphans() if _decide(one, now) is Next.SEND]


def _orphans() -> QuerySet[Delivery]:
    open_ones = without_job(Delivery.objects.filter(state__in=UNDER_WAY))
    return open_ones.select_for_update(of=("self",), skip_locked=True).order_by("pk")


def _decide(delivery: Delivery, now: dt.datetime) -> Next:
    last = ProcrastinateJob.objects.filter(lock=str(delivery.pk)).order_by("-id").first()
    verdict = orphaned(
        job_failed=last is not None and last.status == "failed",
        content_left=delivery.content_left_at is not None,
    )
    if verdict is not Next.SEND:
        state.move(delivery, to=verdict.value, at=now, code="internal", label=LABELS[verdict])
    return verdict
