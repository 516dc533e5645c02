"""The identity of a person: the sheet, what raises its status, and the form that corrects it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.core.errors import DomainError
from jalon.exchange.identity import asking
from jalon.exchange.models import LookUpState
from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.changes import PersonChanges
from jalon.people.rules import PROOFS
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.identity.forms import PersonForm, also_known
from jalon.web.shown.record_page import EditPage, Page

MOST_PAUSE = 60  # seconds between two questions of the page


class Identity(Page):
    """The identity sheet: traits, status, and what raises it."""

    permission = Permission.OPEN_RECORD
    content = frozenset({ContentClass.DAILY})
    template = "identity/identity.html"

    def get(self, request: Request) -> HttpResponse:
        may_qualify, person = self.may(Permission.QUALIFY_IDENTITY), self.record.person
        look_up = asking.latest(person) if may_qualify and not person.ins else None
        waiting = look_up is not None and look_up.state == LookUpState.ASKED
        if "HX-Request" in request.headers and not waiting:
            return HttpResponse(headers={"HX-Refresh": "true"})  # answered: the whole page tells it
        attempt = _attempt(request)
        return self.show(
            look_up=look_up,
            waiting=waiting,
            attempt=attempt,
            pause=min(2 ** (attempt + 1), MOST_PAUSE),
            person=person,
            also=also_known(person),
            proofs=PROOFS,
            may_qualify=may_qualify,
            may_edit=self.may(Permission.EDIT_PERSON),
        )

    def post(self, request: Request) -> HttpResponse:
        if not self.may(Permission.QUALIFY_IDENTITY):
            self.refuse("Seule la référente identitovigilance qualifie une identité.", self.record.pk)
        try:
            messages.success(request, self.act(request.POST))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("records:identity", self.record.pk)

    def act(self, sent: Any) -> str:
        person, by = self.record.person, self.actor.professional
        if sent.get("geste") == "insi":
            asking.request(person=person, by=by, now=self.request.moment.now)
            return "L’INS est demandée à INSi."
        if sent.get("geste") == "piece":
            people.prove_identity(person=person, proof=sent.get("piece", ""), by=by, today=self.request.today)
            return "La pièce vue est notée."
        if sent.get("geste") == "doute":
            people.doubt(person=person, by=by, doubtful=not person.doubtful)
            return "Le doute est noté." if not person.doubtful else "Le doute est levé."
        raise DomainError("Ce geste n’existe pas.", code="unknown_gesture")


def _attempt(request: Request) -> int:
    """How often this page asked whether INSi has answered: it asks more and more slowly."""
    asked = request.GET.get("essai", "")[:2]
    return int(asked) if asked.isascii() and asked.isdigit() else 0


class EditPerson(EditPage[PersonChanges]):
    """The identity and what goes with it. Strict traits that an INS vouches for are shown, and locked."""

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    shown_at = "identity"

    def form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, instance=self.person)

    def save(self, fields: PersonChanges) -> None:
        people.edit(person=self.person, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Identité et coordonnées"

    def done(self) -> str:
        return "Identité et coordonnées mises à jour."

    def notice(self) -> str:
        if self.person.ins_digest:
            return (
                "Les traits stricts viennent de l’INS : ils ne se modifient pas ici. "
                "Signalez une erreur à la référente identitovigilance."
            )
        if self.person.proven_on:
            return "Changer le nom, un prénom, le sexe, la date ou le lieu de naissance annule la pièce vue."
        return ""
