"""The people around the person."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from jalon.core.dates import is_adult
from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.changes import ContactChanges, MeasureChanges, ParentChanges
from jalon.people.models import Contact, ParentalResponsibility, Person, ProtectionMeasure
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.circle.forms import ContactForm, MeasureForm, ParentForm
from jalon.web.shown import codes
from jalon.web.shown.record_page import EditPage, Page


class Circle(Page):
    """The people around the person."""

    permission = Permission.OPEN_RECORD
    content = frozenset({ContentClass.DAILY})
    template = "circle/list.html"

    def get(self, request: Request) -> HttpResponse:
        measures = self.person.measures.select_related("contact").order_by("-starts_on", "pk")
        parents = self.person.parents.select_related("contact").order_by("pk")
        return self.show(
            contacts=[{"contact": one, "said": said(one)} for one in self.person.contacts.all()],
            measures=list(measures),
            parents=list(parents),
            minor=is_minor(self.person, request.today),
            may_edit=self.may(Permission.EDIT_PERSON),
        )


def is_minor(person: Person, today: dt.date) -> bool:
    return person.birth_date is not None and not is_adult(person.birth_date, today)


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

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
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


class AddMeasure(EditPage[MeasureChanges]):
    """A decision of a judge about who protects the person."""

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    shown_at = "circle"
    measure: ProtectionMeasure | None = None

    def form(self, data: Any = None) -> MeasureForm:
        return MeasureForm(data, person=self.person, instance=self.measure)

    def save(self, fields: MeasureChanges) -> None:
        people.keep_measure(person=self.person, measure=self.measure, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Ajouter une mesure de protection"

    def notice(self) -> str:
        return "Recopiez la décision. Tant que l’étendue est à vérifier, aucune signature n’est proposée."

    def done(self) -> str:
        return "Mesure de protection notée."


class EditMeasure(AddMeasure):
    """One to settle, or to end."""

    @property
    def measure(self) -> ProtectionMeasure:  # type: ignore[override]  # read from the address
        return get_object_or_404(self.record.person.measures, pk=self.kwargs["measure_id"])

    def heading(self) -> str:
        return f"Modifier la mesure : {self.measure}"


class AddParent(EditPage[ParentChanges]):
    """Who exercises the parental authority."""

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    shown_at = "circle"
    parent: ParentalResponsibility | None = None

    def form(self, data: Any = None) -> ParentForm:
        return ParentForm(data, person=self.person, instance=self.parent)

    def save(self, fields: ParentChanges) -> None:
        people.keep_parent(person=self.person, parent=self.parent, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Ajouter un titulaire de l’autorité parentale"

    def done(self) -> str:
        return "Autorité parentale notée."


class EditParent(AddParent):
    """A decision changed it."""

    @property
    def parent(self) -> ParentalResponsibility:  # type: ignore[override]  # read from the address
        return get_object_or_404(self.record.person.parents, pk=self.kwargs["parent_id"])

    def heading(self) -> str:
        return "Modifier l’autorité parentale"
