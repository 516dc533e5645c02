"""How allauth behaves here: no open sign-up; Pro Santé Connect opens the account of a known professional."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from jalon.exchange.sign_in import account_of_claims
from jalon.web.account.psc import UNCONFIRMED, log
from jalon.web.account.strength import lately, made_here


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts are made by whoever manages the staff, never by the sign-in page."""

    error_messages = {  # noqa: RUF012  an attribute of the class, as the library declares it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A password typed a moment ago is not asked again to make one's first factor and note its codes."""
        request = context.request
        asked: bool = super().is_reauthentication_required(app=app, **kwargs)
        first = not is_mfa_enabled(request.user) or made_here(request)
        return asked and not (lately(request) and first)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Who must wait is judged once, where the counts of all the processes are: `account.limits`."""


class ProSanteConnectAdapter(DefaultSocialAccountAdapter):
    """Reconciliation by the national identifier (SC.PSC.02, EXI PSC 19); nothing is created silently."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        extra = sociallogin.account.extra_data
        # An existing user: allauth signs in, and keeps nothing of what the provider said.
        sociallogin.user = account_of_claims(extra["userinfo"], extra["id_token"])

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        messages.error(request, UNCONFIRMED)
        log.warning("psc_sign_in_refused", error="AuthenticationError", code=str(error or ""))
        raise ImmediateHttpResponse(redirect("account_login"))
