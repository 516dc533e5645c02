"""Pro Santé Connect says that a session ended there: ours ends too, at its next request."""

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jalon.core.errors import GatewayError
from jalon.exchange import sign_in
from jalon.staff.models import Session
from jalon.web.account.sessions import opened

log = structlog.get_logger()
SUB, SID = "psc_sub", "psc_sid"
HEARD = 3600  # seconds: longer than an announcement may be old


@csrf_exempt  # the provider's own machine: the token is the proof
@require_POST
@non_atomic_requests
def ended(request: HttpRequest) -> HttpResponse:
    """Back-channel logout: 200 once heard, 400 for anything else, and not a word more."""
    if not settings.PSC_DISCOVERY:
        raise Http404
    try:
        told = sign_in.ended(request.POST.get("logout_token", ""), now=timezone.now())
    except GatewayError as failure:
        return _refused(type(failure).__name__)
    if not cache.add(f"psc-ended {told.jti}", True, HEARD):
        return _refused("Replayed")
    _close(told)
    answer = HttpResponse()
    answer["Cache-Control"] = "no-store"
    return answer


def _refused(why: str) -> HttpResponse:
    log.warning("psc_announcement_refused", error=why)
    return JsonResponse({"error": "invalid_request"}, status=400, headers={"Cache-Control": "no-store"})


def _close(told: sign_in.Ended) -> None:
    """The sessions of that person that came by that one, or by any of theirs."""
    account = sign_in.account_of_sub(told.sub)
    for row in Session.objects.filter(account=account, ends_at__gt=timezone.now()) if account else ():
        held = opened(row)
        if held.get(SUB) == told.sub and told.sid in ("", held.get(SID)):
            row.delete()
