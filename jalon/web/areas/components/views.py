"""/_composants/: every component in every state, what the screenshot and axe tests look at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalon.web.areas.components import samples


def index(request: HttpRequest) -> HttpResponse:
    """No personal data here: open to all, like a brochure."""
    return render(request, "components/index.html", samples.page(), using="jinja2")
