"""What follows at the door, whatever way somebody comes by: the libraries say so, and this listens."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth import signals as session
from django.dispatch import receiver
from django.http import HttpRequest

from jalon.faces.headers import OWN, SHARED
from jalon.staff.models import Account
from jalon.web.account.downtime import aside
from jalon.web.account.limits import name_of
from jalon.web.account.opened import begun
from jalon.web.account.post import begins, gone, standing, strong
from jalon.web.account.psc import BY_TELEPHONE
from jalon.web.account.strength import is_strong
from jalon.web.account.traces import trace, trace_mistake


@receiver(session.user_logged_in)
def _begun(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    begun(request)
    begins(request)


@receiver(account.user_logged_in)
def _entered(sender: Any, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    ways = {record["method"] for record in get_authentication_records(request, user)}
    trace("account.entered", user, ways=sorted(ways), **_by_telephone(**kwargs), **aside(user, ways))
    if is_strong(request, user):
        strong(request, user)


def _by_telephone(sociallogin: SocialLogin | None = None, **kwargs: Any) -> dict[str, bool]:
    return {BY_TELEPHONE: True} if sociallogin and sociallogin.state.get(BY_TELEPHONE) else {}


@receiver(session.user_logged_out)
def _left(sender: Any, request: HttpRequest, user: Account | None, **kwargs: Any) -> None:
    request.has_left = SHARED if standing(request) else OWN  # type: ignore[attr-defined]  # read by jalon.faces.headers
    if user is not None:
        trace("account.left", user)
        gone(request, user)


@receiver(session.user_login_failed)
def _mistaken(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    named = request and Account.objects.filter(email__iexact=name_of(request, credentials)).first()
    if named:
        trace_mistake(named, "password")


@receiver(factor.authentication_failed)
def _wrong_factor(sender: Any, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    trace_mistake(user, authenticator.type)


@receiver(account.password_changed)
@receiver(account.password_set)
def _new_password(sender: Any, user: Account, **kwargs: Any) -> None:
    trace("account.password_changed", user)


@receiver(factor.authenticator_added)
def _factor_added(sender: Any, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    trace("account.factor_added", user, factor=authenticator.type)


@receiver(factor.authenticator_removed)
def _factor_removed(sender: Any, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    trace("account.factor_removed", user, factor=authenticator.type)


@receiver(factor.authenticator_reset)
def _factor_reset(sender: Any, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    trace("account.factor_reset", user, factor=authenticator.type)
