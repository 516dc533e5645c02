"""A form that is a page of its own, in no record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.forms import FormPage
from jalon.web.gate import ProfessionalView


class StandaloneForm(FormPage[dict[str, Any]], ProfessionalView):
    """What such pages share."""

    template = "form.html"

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, self.template, context, status=status, using="jinja2")
