"""/_composants/: every component in every state, what the screenshot and axe tests look at."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur la pièce d’identité.")
    day = forms.DateField(label="Date", required=False)
    text = forms.CharField(label="Ce qui s’est passé", widget=forms.Textarea(attrs={"rows": 2}))


def index(request: HttpRequest) -> HttpResponse:
    """No personal data here: open to all, like a brochure."""
    wrong = Sample({"name": "", "day": "31/02/2026", "text": ""})
    wrong.is_valid()
    now = timezone.now()
    steps = [{"at": now, "label": "préparé", "detail": ""}, {"at": now, "label": "refusé", "detail": "XDSUnknownPatientId"}]
    deliveries = [{"destination": "DMP", "state": "refusé", "tone": "danger", "icon": "ban", "steps": steps}]
    context = {"form": Sample(prefix="ok"), "wrong": wrong, "deliveries": deliveries, "now": now}
    return render(request, "components/index.html", context, using="jinja2")
