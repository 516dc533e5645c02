"""The identity of a person: the sheet, what raises its status, and the form that corrects it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.core.errors import DomainError, GatewayError
from jalon.exchange.identity import look_up_ins
from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.changes import PersonChanges
from jalon.people.rules import PROOFS
from jalon.staff.rules import Permission
from jalon.web.areas.identity.forms import PersonForm
from jalon.web.shown.record_page import EditPage, Page


class Identity(Page):
    """The identity sheet: traits, status, and what raises it."""

    permission = Permission.OPEN_RECORD
    template = "identity/identity.html"

    def get(self, request: Request) -> HttpResponse:
        return self.show(
            person=self.record.person,
            proofs=PROOFS,
            may_qualify=self.may(Permission.QUALIFY_IDENTITY),
            may_edit=self.may(Permission.EDIT_PERSON),
        )

    def post(self, request: Request) -> HttpResponse:
        if not self.may(Permission.QUALIFY_IDENTITY):
            self.refuse("Seule la référente identitovigilance qualifie une identité.", self.record.pk)
        try:
            messages.success(request, self.act(request.POST))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        except GatewayError:
            # Caught here, so that the request keeps its trace of the call.
            messages.error(request, "Le téléservice INSi n’a pas répondu comme prévu. Réessayez plus tard.")
        return redirect("records:identity", self.record.pk)

    def act(self, sent: Any) -> str:
        person, by = self.record.person, self.actor.professional
        if sent.get("geste") == "insi":
            return look_up_ins(person=person, by=by, now=self.request.moment.now).message
        if sent.get("geste") == "piece":
            people.prove_identity(person=person, proof=sent.get("piece", ""), by=by, today=self.request.today)
            return "La pièce vue est notée."
        if sent.get("geste") == "doute":
            people.doubt(person=person, by=by, doubtful=not person.doubtful)
            return "Le doute est noté." if not person.doubtful else "Le doute est levé."
        raise DomainError("Ce geste n’existe pas.", code="unknown_gesture")


class EditPerson(EditPage[PersonChanges]):
    """The identity and what goes with it. Strict traits that an INS vouches for are shown, and locked."""

    shown_at = "identity"

    def form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, instance=self.person)

    def save(self, fields: PersonChanges) -> None:
        people.edit(person=self.person, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Identité et coordonnées"

    def notice(self) -> str:
        if self.person.ins_digest:
            return (
                "Les traits stricts viennent de l’INS : ils ne se modifient pas ici. "
                "Signalez une erreur à la référente identitovigilance."
            )
        if self.person.proven_on:
            return "Changer le nom, un prénom, le sexe, la date ou le lieu de naissance annule la pièce vue."
        return ""
