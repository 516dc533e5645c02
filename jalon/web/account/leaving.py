"""The way out: of Jalon, and of Pro Santé Connect for whoever came by it.

On a post that a ward shares, the next person must never be the previous one: the provider's own session is
ended, and a browser that once came back from it asks who is there each time.
"""

import hmac
import secrets
from typing import Any

import structlog
from allauth.account.views import LogoutView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from jalon.exchange.sign_out import way_out

log = structlog.get_logger()
WAY_OUT, RETURNING = "psc_way_out", "psc_returning"
CAME_BACK = "psc-vu"
SESSION_OF_THE_PROVIDER = 4 * 3600  # seconds: the longest that it lasts


class SignOut(LogoutView):
    """« Se déconnecter » ends both sessions; the provider's may be left open for another software."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "psc": bool(self.request.session.get(WAY_OUT))}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sealed = request.session.pop(WAY_OUT, "")
        home = self.get_redirect_url()
        self.logout()
        elsewhere = "" if request.POST.get("reach") == "local" else _onward(request, sealed)
        return redirect(elsewhere or home)


def _onward(request: HttpRequest, sealed: str) -> str:
    """Through the provider, with a word that only its answer to this very browser can bring back."""
    state = secrets.token_urlsafe(24)
    return_to = request.build_absolute_uri(reverse("psc-signed-out"))
    address = way_out(sealed, return_to=return_to, state=state)
    if address:
        request.session[RETURNING] = state
    return address


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """Back from the provider. What it says is believed only with the word that it was given."""
    expected = request.session.pop(RETURNING, "")
    if expected and hmac.compare_digest(expected.encode(), request.GET.get("state", "").encode()):
        messages.success(request, "Votre session Pro Santé Connect est fermée aussi.")
    else:
        log.warning("psc_sign_out_unasked")
    return redirect("account_login")


def has_come_back(request: HttpRequest) -> bool:
    """Did this browser come back from the provider, whose session may still be open?"""
    return CAME_BACK in request.COOKIES


def mark(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """This browser came back from the provider: for as long as a session lives there, it asks again."""
    answer.set_cookie(
        CAME_BACK,
        "1",
        max_age=SESSION_OF_THE_PROVIDER,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer
