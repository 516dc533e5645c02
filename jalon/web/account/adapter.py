"""How allauth behaves here: no open sign-up; Pro Santé Connect opens the account of a known professional."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from jalon.core.errors import DomainError
from jalon.exchange.sign_in import account_of_claims


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts are made by whoever manages the staff, never by the sign-in page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class ProSanteConnectAdapter(DefaultSocialAccountAdapter):
    """Reconciliation by the national identifier (SC.PSC.02, EXI PSC 19); nothing is created silently."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        extra = sociallogin.account.extra_data
        try:
            account = account_of_claims(extra.get("userinfo", extra), extra.get("id_token", extra))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            raise ImmediateHttpResponse(redirect("account_login")) from refusal
        # An existing user: allauth signs in, and keeps nothing of what the provider said.
        sociallogin.user = account

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        said = "Pro Santé Connect n’a pas confirmé votre identité. Réessayez, ou utilisez votre compte."
        messages.error(request, said)
        raise ImmediateHttpResponse(redirect("account_login"))
