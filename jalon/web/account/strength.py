"""Is this session strong enough for personal data (two factors, or Pro Santé Connect)?"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest


def is_strong(request: HttpRequest) -> bool:
    """True with a second factor or Pro Santé Connect; in the demonstration, with a role button too.

    Strong authentication of professionals is due since 1 January 2026 (PGSSI-S, référentiel d’identification
    électronique). The answer is kept in the session, so the question costs one query once.
    """
    if request.session.get("strong"):
        return True
    methods = {entry.get("method") for entry in request.session.get("account_authentication_methods", [])}
    demo_button = settings.DEMO and request.session.get("demo_button", False)
    if demo_button or methods & {"mfa", "socialaccount"} or _signed_in_by_key(request):
        request.session["strong"] = True
        return True
    return False


def _signed_in_by_key(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated:
        return False
    used: bool = Authenticator.objects.filter(user=user, last_used_at__gte=user.last_login).exists()
    return used
