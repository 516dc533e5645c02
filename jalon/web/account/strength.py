"""Is this session strong enough for personal data (two factors, or Pro Santé Connect)?"""

import time
from typing import Any, cast

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from jalon.setup.invitations import await_recognition
from jalon.staff.models import Account
from jalon.web.account.traces import trace

STRONG = {"mfa", "socialaccount"}
ENROLLED = "second_factor_enrolled"
BACK = "back_at_post"
ALWAYS = ("account_logout", "theme", "post-change")
OWN = "/compte/"


def is_strong(request: HttpRequest, account: Account) -> bool:
    """True with a second factor or Pro Santé Connect; in the demonstration, with a role button too.

    At a shared post, whoever proved it today comes back by a code (`account.door`).

    Strong authentication of professionals is due since 1 January 2026 (PGSSI-S, référentiel d’identification
    électronique). Only what was proved in this very session counts: a factor that somebody enrols elsewhere
    says nothing of whoever holds this one.
    """
    if settings.DEMO and request.session.get("demo_button", False):
        return True
    proved = {record.get("method") for record in get_authentication_records(request, account)}
    return bool(proved & STRONG) or made_here(request) or request.session.get(BACK) == str(account.pk)


def lately(request: HttpRequest) -> bool:
    """Did they prove who they are a moment ago, so that what opens their account may change?"""
    if settings.DEMO and request.session.get("demo_button", False):
        return True
    said = get_authentication_records(request, cast(Account, request.user))
    return bool(said) and time.time() - said[-1]["at"] < REAUTHENTICATION_TIMEOUT


def enrolled(request: HttpRequest) -> None:
    """The code typed to enrol a factor proved it: this session need not be asked again.

    It is stronger than before: whoever held its former cookie does not follow it there. Made by a password
    alone, it is that of whoever had the password: they are recognized before it opens records (ADR 0041).
    """
    account: Any = request.user
    if not is_strong(request, account) and await_recognition(account):
        trace("account.to_recognize", account)
    request.session.cycle_key()
    request.session[ENROLLED] = str(request.user.pk)


def made_here(request: HttpRequest) -> bool:
    """Did this very session make the factor of its account?"""
    return bool(request.session.get(ENROLLED) == str(request.user.pk))


def came_back(request: HttpRequest, account: Account) -> None:
    """They signed in strongly at this post today, and said their code."""
    request.session[BACK] = str(account.pk)


def detour(request: HttpRequest, account: Account) -> str | None:
    """Where a session that is too weak must go first; None when it may go on.

    With a factor known, it proves it, and reaches nothing that could take it away; without, it makes one. A
    factor that nobody has recognized yet opens one's own account alone.
    """
    if is_strong(request, account):
        return None if _recognized(request, account) else _waiting(request)
    first, others = _way(account)
    allowed = (first, *others, *map(reverse, ALWAYS), reverse("openid_connect_login", args=["psc"]))
    return None if request.path.startswith(allowed) else first


def _recognized(request: HttpRequest, account: Account) -> bool:
    """Did somebody vouch for who made the means of this account (ADR 0041)? Pro Santé Connect does."""
    proved = {record.get("method") for record in get_authentication_records(request, account)}
    return account.vouched or "socialaccount" in proved


def _waiting(request: HttpRequest) -> str | None:
    allowed = (OWN, *map(reverse, ALWAYS))
    return None if request.path.startswith(allowed) else reverse("waiting")


def _way(account: Account) -> tuple[str, list[str]]:
    """The page to prove or make a factor, and what goes with it."""
    if is_mfa_enabled(account, [Authenticator.Type.TOTP]):
        return reverse("mfa_reauthenticate"), [reverse("mfa_reauthenticate_webauthn")]
    if is_mfa_enabled(account, [Authenticator.Type.WEBAUTHN]):
        return reverse("mfa_reauthenticate_webauthn"), []
    return reverse("mfa_activate_totp"), [reverse("mfa_add_webauthn"), reverse("account_reauthenticate")]
