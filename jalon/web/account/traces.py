"""What happens to an account at the door, in the journal of each managing body that it may enter: ids alone.

A name that was typed and is nobody's leaves nothing here: there is no managing body to tell.
"""

import uuid
from typing import Any, Final

from django.core.cache import cache

from jalon.audit.actions import record_entry
from jalon.db.groups import is_served
from jalon.db.tenant import tenant
from jalon.staff.models import Account, Professional
from jalon.staff.queries import account_of_rpps, bodies_of

QUIET: Final = 60
"""Seconds during which mistakes on an account are one line: whoever insists fills no journal."""


def trace(action: str, account: Account, **facts: Any) -> None:
    """One act on an account, told in each of its managing bodies."""
    for body in filter(is_served, bodies_of(account)):
        with tenant(body):
            by = Professional.objects.filter(account=account).first()
            record_entry(action, on=account.pk, by=by, facts=facts)


def trace_mistake(account: Account, step: str) -> None:
    """Somebody was wrong at this step: the journal names no author, for it may be anybody."""
    if not cache.add(f"mistake {account.pk} {step}", True, QUIET):
        return
    for body in filter(is_served, bodies_of(account)):
        _mistaken(body, account, step)


def _mistaken(body: uuid.UUID, account: Account, step: str) -> None:
    with tenant(body):
        record_entry("account.refused", on=account.pk, by=None, facts={"step": step})


def trace_refused_telephone(rpps: str) -> None:
    """A telephone was asked and nobody came in by it; a number that is nobody's here leaves nothing."""
    account = account_of_rpps(rpps)
    if account is not None:
        trace_mistake(account, "e-cps")
