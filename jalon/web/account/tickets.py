"""A link that opens once: choosing a password, then waiting to be recognized (ADR 0041)."""

from http import HTTPStatus
from typing import Any

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django.views.decorators.http import require_GET

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.faces.wrong import PlainWords
from jalon.setup.invitations import code_of, opened_by, redeem
from jalon.staff.models import Account, Ticket
from jalon.staff.queries import bodies_of
from jalon.web.account.traces import trace

log = structlog.get_logger()


class PasswordForm(PlainWords, forms.Form):
    """A password of one's own, typed twice."""

    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text="Douze signes au moins ; ni votre nom, ni un mot courant allongé.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Le même, encore",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, account: Account) -> None:
        super().__init__(data)
        self.account = account

    def clean(self) -> dict[str, Any]:
        password, again = (self.cleaned_data.get(name) for name in ("password", "again"))
        if password and again and password != again:
            self.add_error("again", "Les deux mots de passe diffèrent. Tapez le même.")
        elif password:
            self._screen(password)
        return self.cleaned_data

    def _screen(self, password: str) -> None:
        """Names are known inside a managing body alone."""
        with tenant(next(iter(bodies_of(self.account)), None)):
            try:
                validate_password(password, self.account)
            except ValidationError as weak:
                self.add_error("password", weak)


class Follow(View):
    """The page that a link opens; nothing is done by looking at it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        ticket = opened_by(token, timezone.now())
        return _show(request, PasswordForm(account=ticket.account)) if ticket else _dead(request)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        ticket = opened_by(token, timezone.now())
        if ticket is None:
            return _dead(request)
        form = PasswordForm(request.POST, account=ticket.account)
        if not form.is_valid():
            return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        return self._choose(request, token, ticket, form.cleaned_data["password"])

    def _choose(self, request: HttpRequest, token: str, ticket: Ticket, password: str) -> HttpResponse:
        try:
            account = redeem(token=token, password=password, now=timezone.now())
        except DomainError:
            return _dead(request)
        trace("account.link_followed", account)
        request.session.flush()  # whoever was in on this post is no part of it
        record_authentication(request, account, "password", email=account.email)
        answer: HttpResponse = perform_login(request, account, email_verification="none")
        return answer


def _show(request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
    return render(request, "account/ticket.html", {"form": form}, status=status, using="jinja2")


def _dead(request: HttpRequest) -> HttpResponse:
    """Used, ended, replaced or never made: one answer."""
    log.warning("link_refused")
    return render(request, "account/ticket_dead.html", status=HTTPStatus.NOT_FOUND, using="jinja2")


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The code to read out; once recognized, the day."""
    account: Any = request.user
    if account.vouched:
        return redirect("home:day")
    return render(request, "account/waiting.html", {"code": code_of(account)}, using="jinja2")
