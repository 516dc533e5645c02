"""What the door forgets and puts away each hour, and what it asks of Pro Santé Connect."""

from django.conf import settings
from django.contrib.sessions.models import Session as Former
from django.utils import timezone
from procrastinate.contrib.django import app

from jalon.setup.invitations import forget_tickets
from jalon.web.account.factors import seal_factors
from jalon.web.account.limits import forget_tries
from jalon.web.account.post import tell_asleep
from jalon.web.account.renewing import renew_used
from jalon.web.account.sessions import SessionStore
from jalon.web.account.shared import forget


@app.periodic(cron="7 * * * *")
@app.task(name="account.tidy", queueing_lock="account.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Forget what has ended; put under today's key the factors that a former key or release wrote.

    What the releases up to 0.1 kept of sessions opens nothing any more: it goes too.
    """
    seal_factors()
    tell_asleep(timezone.now())
    SessionStore.clear_expired()
    forget()
    forget_tries(timezone.now())
    forget_tickets(timezone.now())
    Former.objects.filter(expire_date__lte=timezone.now()).delete()


@app.periodic(cron="*/5 * * * *")
@app.task(name="account.renew", queueing_lock="account.renew", pass_context=False)
def renew(timestamp: int) -> None:
    """Renew the sessions of Pro Santé Connect that somebody uses; end those that it ended."""
    if settings.PSC_DISCOVERY:
        renew_used(timezone.now())
