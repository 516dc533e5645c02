"""Signing in by role in the demonstration; theme; unit switcher."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_POST

from jalon.db.tenant import tenant
from jalon.faces.http import unreadable
from jalon.organizations.models import ManagingBody
from jalon.setup import mail
from jalon.staff.models import Account, Membership
from jalon.web.account.downtime import silent_since
from jalon.web.account.post import strong
from jalon.web.account.strength import enrolled


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the form was on, if it is one of ours."""
    origin = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(origin, allowed_hosts={request.get_host()})
    return redirect(origin if ours else "/")


def asked_page(request: HttpRequest) -> str:
    """The page that sent here, to open once in; empty when it is not one of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


class SignIn(LoginView):
    """Signing in: Pro Santé Connect if it is connected, a local account, a button per role in the demo."""

    template_name = "account/login.html"
    template_engine = "jinja2"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = asked_page(self.request)
        onward = f"?{urlencode({'next': asked})}" if asked else ""
        psc = reverse("openid_connect_login", args=["psc"]) + onward if settings.PSC_DISCOVERY else ""
        telephone = reverse("psc-telephone") + onward if psc and settings.PSC_TELEPHONE else ""
        silent = silent_since() if psc else None
        roles = _roles() if settings.DEMO else []
        doors = {"psc": psc, "telephone": telephone, "silent": silent, "roles": roles, "mail": mail.is_on()}
        return {**context, **doors, "next": asked}

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return answer


class Enrols:
    """Making a factor proves it, so the session is strong at once."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # a mixin of FormView
        enrolled(self.request)
        strong(self.request, cast(Account, self.request.user))
        return answer


class ActivateTotp(Enrols, ActivateTOTPView):
    """An application of codes; the picture is drawn in the page, a `data:` one would be refused."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "totp_svg": context["totp_svg"][context["totp_svg"].index("<svg") :]}


class AddKey(Enrols, AddWebAuthnView):
    """A security key, or the reader of the device: unless told otherwise, it enters without a password."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "passwordless": True}


def _roles() -> list[dict[str, str]]:
    """One account per role of the demonstration."""
    first: dict[str, dict[str, str]] = {}
    with tenant(ManagingBody.objects.values_list("pk", flat=True).first()):
        held = Membership.objects.filter(professional__account__is_active=True)
        for membership in held.select_related("professional__account").order_by("professional_id"):
            who = membership.professional
            email = who.account.email if who.account else ""
            initials = who.first_name[0] + who.last_name[0]
            first.setdefault(
                membership.role, {"email": email, "name": str(who), "initials": initials, "job": who.job}
            )
    return list(first.values())


@require_GET
def conditions(request: HttpRequest) -> HttpResponse:
    """What signing in means, for anybody who reads it before (EX PSC: the paragraph on Pro Santé Connect)."""
    return render(request, "account/conditions.html", {"psc": bool(settings.PSC_DISCOVERY)}, using="jinja2")


@require_POST
def sign_in_as_role(request: HttpRequest) -> HttpResponse:
    """One button per role, in the demonstration and nowhere else."""
    if not settings.DEMO:
        raise Http404
    if unreadable(request):
        raise BadRequest
    account = get_object_or_404(Account, email=request.POST.get("email", ""), is_active=True)
    request.session.flush()
    request.session["demo_button"] = True
    asked = asked_page(request)
    return perform_login(request, account, email_verification="none", redirect_url=asked or None)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Day or night, kept with the account, or in a cookie before signing in."""
    theme = "nuit" if request.POST.get("theme") == "nuit" else ""
    if request.user.is_authenticated:
        Account.objects.filter(pk=request.user.pk).update(theme=theme)
    answer = _back(request)
    answer.set_cookie(
        "affichage", theme, max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


@require_GET
def security_contact(request: HttpRequest) -> HttpResponse:
    """/.well-known/security.txt (RFC 9116): where to say that something is wrong, for a year."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = timezone.now().replace(microsecond=0) + timedelta(days=365)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: fr, en",
    )
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")


@require_POST
def set_place(request: HttpRequest) -> HttpResponse:
    """Look from another unit or establishment. It narrows lists and gives no right."""
    request.session["place"] = {
        "establishment": request.POST.get("establishment", ""),
        "unit": request.POST.get("unit", ""),
    }
    return redirect("home:day")
