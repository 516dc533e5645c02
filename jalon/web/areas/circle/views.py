"""The people around the person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.changes import ContactChanges
from jalon.people.models import Contact
from jalon.staff.rules import Permission
from jalon.web.areas.circle.forms import ContactForm
from jalon.web.shown import codes
from jalon.web.shown.record_page import EditPage, Page


class Circle(Page):
    """The people around the person."""

    permission = Permission.OPEN_RECORD
    template = "circle/list.html"

    def get(self, request: Request) -> HttpResponse:
        measures = self.person.measures.order_by("-starts_on")
        return self.show(
            contacts=[{"contact": one, "said": said(one)} for one in self.person.contacts.all()],
            measures=list(measures),
            may_edit=self.may(Permission.EDIT_PERSON),
        )


def said(contact: Contact) -> str:
    """« Sœur. Tuteur. Préfère le soir »."""
    facts = [
        codes.label(contact.relation, codes.RELATIONS),
        codes.label(contact.role, codes.ROLES),
        codes.label(contact.protection, codes.PROTECTIONS),
    ]
    return ". ".join(filter(None, (*facts, contact.comment)))


class AddContact(EditPage[ContactChanges]):
    """Somebody new around the person."""

    shown_at = "circle"

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data)

    def save(self, fields: ContactChanges) -> None:
        people.keep_contact(person=self.record.person, contact=None, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Ajouter un proche ou un contact"

    def done(self) -> str:
        return "Contact ajouté à l’entourage."


class EditContact(AddContact):
    """Somebody who is known already."""

    @property
    def contact(self) -> Contact:
        return get_object_or_404(self.record.person.contacts, pk=self.kwargs["contact_id"])

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data, instance=self.contact)

    def save(self, fields: ContactChanges) -> None:
        people.keep_contact(
            person=self.record.person, contact=self.contact, by=self.actor.professional, **fields
        )

    def heading(self) -> str:
        return f"Modifier le contact : {self.contact}"

    def done(self) -> str:
        return "Contact modifié."
