"""A session that Pro Santé Connect opened lives as long as its own: renewed while it is used, ended with it.

A session that nobody uses is not renewed, and runs out there as it does here. A provider that does not answer
ends nothing: the longest that a session lasts there bounds ours all the same.
"""

import datetime as dt
import secrets
from collections.abc import Iterator
from typing import Any, Final

import structlog
from django.core.cache import cache
from django.http import HttpRequest

from jalon.core.errors import GatewayError, Unreachable
from jalon.exchange.renewing import renewed
from jalon.exchange.sign_in import LASTS_UNUSED
from jalon.staff.models import Session
from jalon.web.account import downtime
from jalon.web.account.sessions import opened

log = structlog.get_logger()
KEPT: Final = "psc_renewing"
"""Of a session: the name under which what renews it is kept, apart from what each page writes."""
RECENT: Final = dt.timedelta(minutes=10)


def keep(request: HttpRequest, sealed: str) -> None:
    """Of a session that begins."""
    request.session[KEPT] = secrets.token_urlsafe(16)
    _remember(request.session[KEPT], sealed)


def renew_used(now: dt.datetime) -> None:
    """Each session that somebody used lately; those that are over there end here."""
    for row, name in _used(now):
        try:
            _renew(row, name)
        except Unreachable:
            downtime.noticed()
            return
        except GatewayError as failure:
            log.warning("psc_not_renewed", error=type(failure).__name__, code=getattr(failure, "code", ""))


def _used(now: dt.datetime) -> Iterator[tuple[Session, str]]:
    since = (now - RECENT).timestamp() // 60
    for row in Session.objects.filter(account__isnull=False, ends_at__gt=now):
        held: dict[str, Any] = opened(row)
        if KEPT in held and held.get("minute", 0) >= since:
            yield row, held[KEPT]


def _renew(row: Session, name: str) -> None:
    sealed = cache.get(_key(name))
    if not sealed:
        return
    following = renewed(sealed)
    if following is None:
        log.info("psc_session_over", session=row.digest[:8])
        row.delete()
    else:
        _remember(name, following)


def _remember(name: str, sealed: str) -> None:
    cache.set(_key(name), sealed, LASTS_UNUSED.total_seconds())


def _key(name: str) -> str:
    return f"psc-renewing {name}"
