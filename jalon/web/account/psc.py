"""Signing in with Pro Santé Connect: django-allauth leads the browser, `exchange.sign_in` asks and checks.

Whatever goes wrong there leads back to the sign-in page with a sentence, and leaves a line in the log: nobody
is known yet, so the journal of no managing body could hold it.
"""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from jalon.core.errors import DomainError, GatewayError, Unreachable
from jalon.exchange import sign_in
from jalon.exchange.situations import situations_of
from jalon.web.account import downtime, situation
from jalon.web.account.ended import SID, SUB
from jalon.web.account.leaving import WAY_OUT, has_come_back, mark
from jalon.web.account.renewing import KEPT, keep
from jalon.web.account.sessions import IDLE, UNTIL

log = structlog.get_logger()
UNCONFIRMED = "Pro Santé Connect n’a pas confirmé votre identité. Réessayez, ou utilisez votre compte."

AGAIN = {"prompt": "login", "max_age": "0"}  # `auth_time` is owed to whoever says max_age
LEFT = "psc_left"
BY_TELEPHONE = "telephone"  # of the state of a sign-in: the provider's page was not needed

View = Callable[[HttpRequest, str], HttpResponse]


class Provider(OpenIDConnectProvider):
    """Pro Santé Connect, asked with a nonce."""

    def get_pkce_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_pkce_params()
        return {**params, "nonce": sign_in.nonce_of(params["code_verifier"])}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """What is asked is ours to say: allauth would take scope and level from the address of the page."""
        asked: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        again = AGAIN if has_come_back(request) else {}
        return asked | {
            "process": AuthProcess.LOGIN,
            "scope": self.get_scope(),
            "auth_params": self.get_auth_params() | again,
        }

    def get_oauth2_adapter(self, request: HttpRequest) -> "Adapter":
        return Adapter(request, self.app.provider_id)


class Adapter(OpenIDConnectOAuth2Adapter):
    """What allauth asks of a provider, answered by our own gateway."""

    def get_provider(self) -> Provider:
        return Provider(self.request, app=super().get_provider().app)

    @functools.cached_property
    def openid_config(self) -> dict[str, str]:
        return sign_in.addresses()

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """The claims: allauth carries them to `complete_login`, and is given no token to keep."""
        said = sign_in.redeem(
            request.GET["code"],
            redirect_uri=client.callback_url,
            verifier=pkce_code_verifier or "",
            now=timezone.now(),
            since=_asked_since(request),
        )
        _hold(request, said)
        return {"access_token": "", "userinfo": said.userinfo, "id_token": said.id_token}

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        said = {name: kwargs["response"][name] for name in ("userinfo", "id_token")}
        return self.get_provider().sociallogin_from_response(request, said)


def _hold(request: HttpRequest, said: sign_in.Said) -> None:
    """What a session that begins keeps of the provider's."""
    downtime.over()
    request.session[WAY_OUT] = said.way_out
    request.session[SUB], request.session[SID] = said.id_token["sub"], said.id_token.get("sid", "")
    keep(request, said.going_on)
    request.session[UNTIL] = int(said.ends_at.timestamp())
    unused = int(sign_in.LASTS_UNUSED.total_seconds())
    request.session[IDLE] = min(settings.SESSION_COOKIE_AGE, unused)
    situation.keep(request, situations_of(said.userinfo))


def enter(request: HttpRequest, said: sign_in.Said, *, onward: str) -> HttpResponse:
    """Sign in whoever was told of without the provider's page. Raises DomainError, Malformed."""
    _hold(request, said)
    claims = {"userinfo": said.userinfo, "id_token": said.id_token}
    known = Adapter(request, "psc").get_provider().sociallogin_from_response(request, claims)
    known.state = {"process": AuthProcess.LOGIN, "next": onward or None, BY_TELEPHONE: True}
    return _situation_first(request, complete_social_login(request, known))


def _situation_first(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    owed = request.user.is_authenticated and situation.is_owed(request)
    return situation.owed_first(answer["Location"]) if owed else answer


def _asked_since(request: HttpRequest) -> datetime | None:
    """From when somebody must have been asked again: nobody comes in on a sign-in that began before them."""
    left = request.session.pop(LEFT, None)
    if left is not None:
        return datetime.fromtimestamp(left, UTC)
    return timezone.now() if has_come_back(request) else None


def _guarded(view: View) -> View:
    """A step of the sign-in, outside any transaction and any managing body: it waits for another service."""

    @transaction.non_atomic_requests
    @functools.wraps(view)
    def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
        if request.user.is_authenticated:  # in a managing body already: nothing is asked from there
            return redirect(settings.LOGIN_REDIRECT_URL)
        try:
            return view(request, provider_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        except (DomainError, GatewayError) as failure:
            return refuse(request, failure)

    return answer


def refuse(request: HttpRequest, failure: DomainError | GatewayError) -> HttpResponse:
    """Back to the sign-in page, which says why: our own sentence, or one for what the service did."""
    if isinstance(failure, Unreachable):
        downtime.noticed()  # the page says it by itself
    else:
        messages.error(request, str(failure) if isinstance(failure, DomainError) else UNCONFIRMED)
    for kept in (WAY_OUT, SUB, SID, UNTIL, IDLE, KEPT, situation.KNOWN, situation.CHOSEN):
        request.session.pop(kept, None)
    log.warning("psc_sign_in_refused", error=type(failure).__name__, code=getattr(failure, "code", ""))
    return redirect("account_login")


@_guarded
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for Pro Santé Connect; from when somebody must be asked again, if they must."""
    if request.method == "POST" and has_come_back(request):
        request.session[LEFT] = int(timezone.now().timestamp())
    view: Any = OAuth2LoginView.adapter_view(Adapter(request, provider_id))
    answer: HttpResponse = view(request)
    return answer


@transaction.non_atomic_requests
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it, known or refused: somebody is signed in there."""
    return mark(request, _come_back(request, provider_id))


@_guarded
def _come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    view: Any = OAuth2CallbackView.adapter_view(Adapter(request, provider_id))
    return _situation_first(request, view(request))
