"""/_composants/: every component in every state, what the screenshot and axe tests look at."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jalon.core.settings.table import PRODUCTION
from jalon.web.areas.components import samples
from jalon.web.gate import open_to_all


@open_to_all("No personal data here: a brochure, wherever the product is made or shown.")
def index(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    if settings.MODE == PRODUCTION:
        raise Http404
    return render(request, "components/index.html", samples.page(), using="jinja2")
