"""How allauth behaves here: no open sign-up; Pro Santé Connect opens the account of a known professional."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from jalon.exchange.sign_in import account_of_claims
from jalon.web.account.psc import UNCONFIRMED


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts are made by whoever manages the staff, never by the sign-in page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

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
        raise ImmediateHttpResponse(redirect("account_login"))
