"""One's own code and badge of the shared posts, said by whoever has just proved who they are."""

from typing import Any, cast

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views import View

from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.faces.wrong import PlainWords
from jalon.setup import posts
from jalon.staff.codes import LONGEST, SHORTEST
from jalon.staff.models import Account, PostKey
from jalon.web.account.strength import lately
from jalon.web.account.traces import trace

SECRET = {"autocomplete": "off", "inputmode": "numeric", "minlength": SHORTEST, "maxlength": LONGEST}


class CodeForm(PlainWords, forms.Form):
    """A code, twice."""

    code = forms.CharField(
        label="Nouveau code", widget=forms.PasswordInput(attrs=SECRET), help_text="Six à douze chiffres."
    )
    again = forms.CharField(label="Le même, encore une fois", widget=forms.PasswordInput(attrs=SECRET))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = self.cleaned_data
        if "code" in said and "again" in said and said["code"] != said["again"]:
            self.add_error("again", "Les deux codes ne sont pas les mêmes. Retapez-les.")
        return said


class BadgeForm(PlainWords, forms.Form):
    """The number that the reader types, said by whoever knows the code."""

    own_code = forms.CharField(label="Votre code", widget=forms.PasswordInput(attrs=SECRET))
    badge = forms.CharField(
        label="Badge",
        max_length=120,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Placez le curseur ici, puis passez le badge devant le lecteur.",
    )


class Key(LoginRequiredMixin, View):
    """The code, then the badge."""

    def get(self, request: Request) -> HttpResponse:
        return _shown(request, CodeForm(), BadgeForm())

    def post(self, request: Request) -> HttpResponse:
        if not lately(request):
            return redirect(_prove(request))
        match request.POST.get("geste", ""):
            case "badge":
                return self._badge(request)
            case "oublier":
                posts.drop_badge(account=_self(request))
                return _done(request, "badge_dropped", "Votre badge n’ouvre plus rien.")
        return self._code(request)

    def _code(self, request: Request) -> HttpResponse:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                code = form.cleaned_data["code"]
                posts.set_code(account=_self(request), code=code)
                return _done(request, "code_set", "Votre code est enregistré.")
            except DomainError as refusal:
                form.add_error(refusal.place, refusal.message)
        return _shown(request, form, BadgeForm(), 422)

    def _badge(self, request: Request) -> HttpResponse:
        form = BadgeForm(request.POST)
        if form.is_valid():
            code, number = form.cleaned_data["own_code"], form.cleaned_data["badge"]
            try:
                posts.set_badge(account=_self(request), code=code, number=number)
                return _done(request, "badge_set", "Votre badge est enregistré.")
            except DomainError as refusal:
                form.add_error(refusal.place, refusal.message)
        return _shown(request, CodeForm(), form, 422)


def _self(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def _prove(request: HttpRequest) -> str:
    """Where to prove it: here, or by coming in again for whoever has neither password nor factor here."""
    again = get_reauthentication_flows(_self(request))
    page = reverse("account_reauthenticate" if again else "account_logout")
    return f"{page}?{urlencode({'next': reverse('post-key')})}"


def _done(request: Request, act: str, words: str) -> HttpResponse:
    trace(f"account.post_{act}", _self(request))
    messages.success(request, words)
    return redirect("post-key")


def _shown(request: HttpRequest, code: CodeForm, badge: BadgeForm, status: int = 200) -> HttpResponse:
    held = PostKey.objects.filter(account=_self(request)).first()
    context = {
        "held": held,
        "code": code,
        "badge": badge,
        "prove": "" if lately(request) else _prove(request),
    }
    return render(request, "account/post_key.html", context, using="jinja2", status=status)
