"""As what, and where, somebody works today: chosen among what the national directory says.

It is what they say of themselves in the exchanges to come; it gives no right here.
"""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from jalon.exchange.situations import Situation
from jalon.web.account.views import asked_page

KNOWN, CHOSEN = "psc_situations", "psc_situation"


def keep(request: HttpRequest, situations: list[Situation]) -> None:
    """What the directory says of whoever signs in; the only one is theirs without asking."""
    request.session[KNOWN] = situations
    request.session[CHOSEN] = 0 if len(situations) == 1 else None


def is_owed(request: HttpRequest) -> bool:
    """Must they still say which one?"""
    return len(request.session.get(KNOWN, ())) > 1 and request.session.get(CHOSEN) is None


def owed_first(onward: str) -> HttpResponse:
    """The page of the choice, which then leads where they were going."""
    return redirect(f"{reverse('psc-situation')}?{urlencode({'next': onward})}")


def shown(request: HttpRequest) -> dict[str, Any]:
    """For the menu of the account: the situation of today, and whether there are others."""
    known, chosen = request.session.get(KNOWN, ()), request.session.get(CHOSEN)
    return {"situation": known[chosen] if chosen is not None else None, "several": len(known) > 1}


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """One button a situation."""
    known = request.session.get(KNOWN, [])
    if not request.user.is_authenticated or len(known) < 2:
        return redirect("root")
    if request.method == "POST":
        request.session[CHOSEN] = _rank(request.POST.get("situation", ""), len(known))
        return redirect(asked_page(request) or "root")
    context = {"situations": known, "chosen": request.session.get(CHOSEN), "next": asked_page(request)}
    return render(request, "account/situation.html", context, using="jinja2")


def _rank(said: str, count: int) -> int:
    """Raises BadRequest for anything that was not on the page."""
    if said not in map(str, range(count)):
        raise BadRequest("no such situation")
    return int(said)
