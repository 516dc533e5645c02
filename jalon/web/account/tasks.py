"""What the door forgets, and what it puts away, each hour."""

from django.contrib.sessions.models import Session as Former
from django.utils import timezone
from procrastinate.contrib.django import app

from jalon.setup.invitations import forget_tickets
from jalon.web.account.factors import seal_factors
from jalon.web.account.limits import forget_tries
from jalon.web.account.post import tell_asleep
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
