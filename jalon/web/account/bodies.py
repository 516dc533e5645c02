"""Which managing body somebody of several works for now: chosen once in, and from the menu.

Nothing of any of them is shown before the choice, which gives no right: each request reads the seats again.
"""

import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jalon.faces.http import Request, as_uuid
from jalon.organizations.models import ManagingBody
from jalon.web.account.strength import ALWAYS

CHOSEN = "managing_body"


def chosen(request: HttpRequest, bodies: Sequence[uuid.UUID]) -> uuid.UUID | None:
    """The one that was chosen among these, or the only one."""
    said = as_uuid(request.session.get(CHOSEN))
    return said if said in bodies else bodies[0] if len(bodies) == 1 else None


def choice_first(request: HttpRequest, bodies: Sequence[uuid.UUID]) -> str | None:
    """Where somebody of several managing bodies must go before anything else; None when it is chosen."""
    if len(bodies) < 2 or chosen(request, bodies):
        return None
    allowed = (reverse("body"), "/compte/", *map(reverse, ALWAYS))
    return None if request.path.startswith(allowed) else reverse("body")


@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """The managing bodies of this account; posted, the one to work for."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if request.method == "POST":
        said = as_uuid(request.POST.get("body"))
        if said in request.bodies:
            request.session[CHOSEN] = str(said)
            request.session.pop("place", None)
            return redirect("home:day")
        return redirect("body")
    mine = ManagingBody.objects.filter(pk__in=request.bodies).order_by("name", "pk")
    context = {"bodies": mine, "current": chosen(request, request.bodies)}
    return render(request, "account/body.html", context, using="jinja2")
