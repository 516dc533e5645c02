"""How often one may be wrong at the door: by account and by address together, never by one of them alone.

A stranger who tries names closes the door to those names from where the stranger is, and to nobody else. From
where somebody usually enters, their door is slowed and never closed: those next to them cannot lock them out.
The counts are in the database: one for all the processes.
"""

import datetime as dt
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest

PAIR: Final = 10
"""Mistakes of an account from an address, then that pair waits."""
CROWD: Final = 100
"""Mistakes from an address, or on an account from everywhere, then whoever is not usual there waits."""
PAUSE: Final = dt.timedelta(seconds=10)
"""Between two tries of somebody where they usually enter, once they were wrong so often."""
LONGEST: Final = 255
"""Characters of a name that is kept."""
MISTAKES: Final = dt.timedelta(days=1)
"""How long a mistake is kept, far beyond the quarter of an hour in which it counts."""
USUAL: Final = dt.timedelta(days=90)
"""How long a place where somebody entered stays usual."""


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The account that is tried, as one address is written in many ways."""
    said = credentials or {}
    return (
        str(said.get("email") or said.get("username") or request.POST.get("login", ""))
        .strip()
        .lower()[:LONGEST]
    )


class Limits(AxesDatabaseHandler):
    """Who must wait before trying again."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        name, address, now = name_of(request, credentials), request.axes_ip_address, request.axes_attempt_time
        since = now - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
        recent = AccessAttempt.objects.filter(attempt_time__gte=since)
        here = recent.filter(username=name, ip_address=address)
        if self._usual(name, address, now):
            return _mistakes(here) >= PAIR and _last(here) > now - PAUSE
        return (
            _mistakes(here) >= PAIR
            or _mistakes(recent.filter(ip_address=address)) >= CROWD
            or _mistakes(recent.filter(username=name)) >= CROWD
        )

    @staticmethod
    def _usual(name: str, address: str, now: dt.datetime) -> bool:
        entered = AccessLog.objects.filter(username__iexact=name, ip_address=address)
        return entered.filter(attempt_time__gte=now - USUAL).exists()


def may_try(request: HttpRequest, name: str) -> bool:
    """May one try under that name, where no password is checked? Then it is a mistake until `entered`."""
    credentials = {"username": name}
    if AxesProxyHandler.is_locked(request, credentials):
        return False
    AxesProxyHandler.user_login_failed(__name__, credentials, request)
    request.axes_locked_out = False  # type: ignore[attr-defined]  # of the library; judged here, once a try
    return True


def entered(request: Any, name: str) -> None:
    """Whoever was asked under that name came in from there: it is where they usually enter."""
    AxesProxyHandler.update_request(request)
    address = request.axes_ip_address
    AccessAttempt.objects.filter(username=name, ip_address=address).delete()
    AccessLog.objects.create(username=name, ip_address=address, user_agent=request.axes_user_agent)


def forget_tries(now: dt.datetime) -> None:
    """Names that were typed and addresses, once they no longer serve: mistakes after a day, the place where
    somebody entered when it is no longer usual."""
    AccessAttempt.objects.filter(attempt_time__lt=now - MISTAKES).delete()
    AccessFailureLog.objects.filter(attempt_time__lt=now - MISTAKES).delete()
    AccessLog.objects.filter(attempt_time__lt=now - USUAL).delete()


def _mistakes(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(count=Sum("failures_since_start"))["count"] or 0


def _last(attempts: QuerySet[AccessAttempt]) -> dt.datetime:
    last: dt.datetime = attempts.aggregate(last=Max("attempt_time"))["last"]
    return last
