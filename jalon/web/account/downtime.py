"""Pro Santé Connect does not answer: the door says since when, and whoever enters otherwise is told apart.

The way that is left is an account of the establishment with its own second factor; the journal says why.
"""

import datetime as dt
from typing import Final

from django.core.cache import cache
from django.utils import timezone

from jalon.staff.models import Account

KEY: Final = "psc-silent"
KEPT: Final = 15 * 60
"""Seconds after its last silence when it is no longer said to be down: somebody may have tried in between."""


def noticed() -> None:
    """It did not answer just now."""
    if not cache.add(KEY, timezone.now().timestamp(), KEPT):
        cache.touch(KEY, KEPT)


def over() -> None:
    """It answered."""
    cache.delete(KEY)


def silent_since() -> dt.datetime | None:
    since = cache.get(KEY)
    return dt.datetime.fromtimestamp(since, dt.UTC) if since else None


def aside(account: Account, ways: set[str]) -> dict[str, str]:
    """What the journal adds of somebody whom it would have known, and who came in without it."""
    known = bool(account.rpps) and "socialaccount" not in ways
    return {"aside": KEY} if known and silent_since() else {}
