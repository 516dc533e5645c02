"""« Se connecter avec l’e-CPS du téléphone »: for posts that others share, where no card is read.

The number is typed here, two digits are shown on both screens, and the telephone confirms. Whether the number
is known here is not told before that; how often one may ask is counted like any other mistake at the door.
"""

import secrets
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from jalon.core.errors import DomainError, GatewayError, Unreachable
from jalon.exchange import telephone
from jalon.exchange.sign_in import Said
from jalon.exchange.telephone import Asked
from jalon.faces.errors import too_many
from jalon.faces.wrong import PlainWords
from jalon.web.account import psc
from jalon.web.account.limits import entered, may_try
from jalon.web.account.traces import trace_refused_telephone
from jalon.web.account.views import asked_page

ASKED: Final = "psc_telephone"
NEXT: Final = "psc_telephone_next"


class NumberForm(PlainWords, forms.Form):
    """Who is asked."""

    rpps = forms.CharField(
        label="Votre numéro RPPS",
        help_text="Les 11 chiffres de votre carte CPS ou de l’application e‑CPS.",
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_rpps(self) -> str:
        number = telephone.number_of(self.cleaned_data["rpps"])
        if not number:
            raise forms.ValidationError("Un numéro RPPS a 11 chiffres. Vérifiez ce que vous avez écrit.")
        return number


class Step(View):
    """A step of this door, outside any transaction and any managing body: it waits for another service."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not (settings.PSC_DISCOVERY and settings.PSC_TELEPHONE):
            raise Http404
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        try:
            return super().dispatch(request, *args, **kwargs)
        except (DomainError, GatewayError) as failure:
            return given_up(request, failure)


class Ask(Step):
    """Whose telephone is asked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request, NumberForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NumberForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=422)
        rpps = form.cleaned_data["rpps"]
        if not may_try(request, rpps):
            return too_many(request)
        code = f"{secrets.randbelow(100):02}"
        request.session[ASKED] = telephone.ask(rpps, code, now=timezone.now())
        request.session[NEXT] = asked_page(request)
        return redirect("psc-telephone-wait")


class Wait(Step):
    """The digits to compare, until the telephone answers. The page asks by itself; a button does too."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.session.get(ASKED)
        return _waiting(request, asked) if asked else redirect("psc-telephone")

    def post(self, request: HttpRequest) -> HttpResponse:
        asked: Asked | None = request.session.get(ASKED)
        if asked is None or "cancel" in request.POST:
            forget(request)
            return redirect("account_login")
        told = _told(asked)
        if not isinstance(told, Said):
            request.session[ASKED] = told
            return _waiting(request, told) if _by_script(request) else redirect("psc-telephone-wait")
        return _enter(request, asked, told)


def _told(asked: Asked) -> Said | Asked:
    """A provider that is silent for a moment is asked again: the telephone may be in somebody's hand."""
    try:
        return telephone.answer(asked, now=timezone.now())
    except Unreachable:
        return asked


def _page(request: HttpRequest, form: NumberForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": asked_page(request)}
    return render(request, "account/telephone.html", context, status=status, using="jinja2")


def _waiting(request: HttpRequest, asked: Asked) -> HttpResponse:
    context = {"code": asked["code"], "pause": asked["interval"]}
    return render(request, "account/telephone_wait.html", context, using="jinja2")


def _enter(request: HttpRequest, asked: Asked, said: Said) -> HttpResponse:
    """The same way in as by the provider's page: the account that carries that number, or nobody."""
    onward = request.session.get(NEXT, "")
    forget(request)
    answer = psc.enter(request, said, onward=onward)
    if request.user.is_authenticated:
        entered(request, asked["rpps"])
    return _onward(request, answer)


def given_up(request: HttpRequest, failure: DomainError | GatewayError) -> HttpResponse:
    """Back to the door with a sentence; the journal of whoever was asked says that nobody came in."""
    asked = request.session.get(ASKED)
    if asked:
        trace_refused_telephone(asked["rpps"])
    forget(request)
    return _onward(request, psc.refuse(request, failure))


def forget(request: HttpRequest) -> None:
    for kept in (ASKED, NEXT):
        request.session.pop(kept, None)


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _onward(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A redirection, said so that the whole page follows it."""
    if not _by_script(request) or "Location" not in answer:
        return answer
    return HttpResponse(headers={"HX-Redirect": answer["Location"]})
