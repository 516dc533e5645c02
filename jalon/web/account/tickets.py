"""A link that opens once: choosing a password, then waiting to be recognized (ADR 0041)."""

import uuid
from http import HTTPStatus
from typing import Any

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django.views.decorators.http import require_GET

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.faces.forms import MailField
from jalon.faces.wrong import PlainWords
from jalon.setup import mail
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
        if account.vouched and mail.is_on():
            mail.ask(mail.Letter.CHANGED, account.pk)
        request.session.flush()  # whoever was in on this post is no part of it
        record_authentication(request, account, "password", email=account.email)
        answer: HttpResponse = perform_login(request, account, email_verification="none")
        return answer


class AddressForm(PlainWords, forms.Form):
    """Whose password is forgotten."""

    email = MailField(label="Courriel")


class Forgotten(View):
    """A password that is forgotten: one answer, whoever the address is of, when it is anybody's."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mail.is_on():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, AddressForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        if ratelimit.consume(request, action="reset_password"):
            self._ask(form.cleaned_data["email"])
        return self._show(request, None)

    @staticmethod
    def _ask(email: str) -> None:
        """The same work for an address that is nobody's: the worker finds nobody."""
        known = Account.objects.filter(email__iexact=email, is_active=True).values_list("pk", flat=True)
        mail.ask(mail.Letter.RECOVERY, known.first() or uuid.uuid4())

    @staticmethod
    def _show(request: HttpRequest, form: AddressForm | None, status: int = 200) -> HttpResponse:
        return render(request, "account/forgotten.html", {"form": form}, status=status, using="jinja2")


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
