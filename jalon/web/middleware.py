"""The request's frame: who is asking, for which managing body, in one transaction that carries the tenant."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from jalon.audit.actions import record_access
from jalon.audit.models import Access
from jalon.core.moment import Moment
from jalon.db.groups import is_served
from jalon.db.history import history
from jalon.db.reading import read_only
from jalon.db.tenant import tenant
from jalon.faces.errors import elsewhere
from jalon.faces.http import Request, seen_from
from jalon.staff.models import Account
from jalon.staff.queries import actor_of, bodies_of
from jalon.web.account.asleep import falls_asleep, is_use
from jalon.web.account.bodies import choice_first, chosen
from jalon.web.account.post import asks_to_lock, lock_as_said, tells_whose_turn
from jalon.web.account.strength import detour
from jalon.web.place import scope_of

ACCOUNT = "/compte/"
Answer = Callable[[HttpRequest], HttpResponse]


class TenantMiddleware:
    """Opens the transaction, sets the tenant in it, finds the professional. Last of the list.

    ATOMIC_REQUESTS alone would be too late (it wraps the view only); it stays, and becomes a savepoint that
    undoes a failed view without closing the transaction that pages of allauth still query.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor, request.bodies = None, []
        request.looks, request.refusals, request.shown = [], [], set()
        seen_from(request, Moment(timezone.now()))
        account = request.user if request.user.is_authenticated else None
        if account is None:
            return tells_whose_turn(request, self.get_response(request))
        if asks_to_lock(request):
            return tells_whose_turn(request, lock_as_said(request))
        if is_use(request):
            _put_off_the_end(request)
        bodies = bodies_of(account)
        served = [body for body in bodies if is_served(body)]
        if bodies and not served:
            return elsewhere(request)
        request.bodies = served
        first = detour(request, account) or choice_first(request, served)
        if first:
            return redirect(first)
        body = chosen(request, served)
        try:
            return tells_whose_turn(request, self._answer(request, account, body))
        finally:
            timezone.deactivate()
            self._trace_refusals(request, body)

    def _answer(self, request: Request, account: Account, body: Any) -> HttpResponse:
        with tenant(body):
            now = request.moment.now
            request.actor = actor_of(account, now) if body else None
            who = str(request.actor.professional.pk) if request.actor else None
            if request.actor:
                seen_from(request, request.actor.moment(now, scope_of(request).establishment_id))
            with _as_asked(request, who):
                response = self.get_response(request)
            self._trace_looks(request)
        if response.streaming and not isinstance(response, FileResponse):
            raise RuntimeError("a streamed body is produced outside the tenant")
        # On a shared machine, the way back of the browser must not show the pages of who was there before.
        response.headers.setdefault("Cache-Control", "private, no-store")
        falls_asleep(request, response)
        return response

    @staticmethod
    def _trace_looks(request: Request) -> None:
        """In the transaction of the page: no record is shown without its trace."""
        for look in request.looks:
            record_access(
                professional=request.actor.professional if request.actor else None,
                record_id=look.record_id,
                person_id=look.person_id,
                page=look.page,
                outcome=look.outcome,
                reason=look.reason,
            )
        if request.shown:
            match = request.resolver_match
            record_access(
                professional=request.actor.professional if request.actor else None,
                record_id=None,
                person_id=None,
                page=match.view_name if match else "",
                shown=request.shown,
            )

    @staticmethod
    def _trace_refusals(request: Request, body: Any) -> None:
        """In its own transaction: a request that was rolled back leaves its trace all the same."""
        if not request.refusals or not body:
            return
        with tenant(body):
            for refusal in request.refusals:
                record_access(
                    professional=request.actor.professional if request.actor else None,
                    record_id=refusal.record_id,
                    person_id=None,
                    page=refusal.page,
                    outcome=Access.Outcome.REFUSED,
                    reason=refusal.reason,
                )


def _as_asked(request: Request, who: str | None) -> AbstractContextManager[None]:
    """A page that is asked for is read, and nothing else: the connection refuses to write.

    What is posted writes, and the history says who.

    But for the pages of one's own account: they are allauth's, which notes that codes of rescue were seen.
    """
    writes = request.method == "POST" or request.path.startswith(ACCOUNT)
    return history(professional=who) if writes else read_only()


def _put_off_the_end(request: Request) -> None:
    """A session ends some time after its last use (SC.SSI/IE.58), told to the minute: not a write a page."""
    minute = int(time.time() // 60)
    if request.session.get("minute") != minute:
        request.session["minute"] = minute
