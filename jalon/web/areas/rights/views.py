"""The rights of a person: what they decided for each purpose, and a decision to record."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.models import Consent
from jalon.staff.rules import ContentClass, Permission
from jalon.web.shown.record_page import Page

ANSWERS = {"accepte": True, "refuse": False}


class Rights(Page):
    """The latest decision of each purpose holds; silence opposes nothing (L.1111-15 CSP)."""

    permission = Permission.OPEN_RECORD
    content = frozenset({ContentClass.DAILY})
    template = "rights/list.html"

    def get(self, request: Request) -> HttpResponse:
        latest: dict[str, Consent] = {}
        for one in self.person.consents.all():
            latest.setdefault(one.purpose, one)
        return self.show(
            purposes=[
                {"code": code, "label": label, "decision": latest.get(code)}
                for code, label in Consent.Purpose.choices
            ],
            may_edit=self.may(Permission.EDIT_PERSON),
        )

    def post(self, request: Request) -> HttpResponse:
        if not self.may(Permission.EDIT_PERSON):
            self.refuse("Votre rôle ne note pas les décisions de la personne.", self.record.pk)
        purpose, answer = request.POST.get("finalite"), request.POST.get("decision", "")
        if purpose not in Consent.Purpose.values or answer not in ANSWERS:
            raise Http404
        people.decide(
            person=self.person,
            purpose=purpose,
            granted=ANSWERS[answer],
            on=request.today,
            by=self.actor.professional,
        )
        messages.success(request, "La décision de la personne est notée.")
        return redirect("records:rights", self.record.pk)
