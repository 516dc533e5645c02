"""Pages that correct what a record holds: the person, their entourage, their stays, their agenda."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from jalon.agenda import actions as agenda
from jalon.agenda.models import Event
from jalon.faces.forms import FormPage
from jalon.people import actions as people
from jalon.people.models import Contact
from jalon.records import actions as records
from jalon.records.models import Stay
from jalon.staff.models import Permission
from jalon.staff.queries import team
from jalon.web.records.forms import ContactForm, EventForm, PersonForm, StayForm
from jalon.web.records.views import Page


class Edit(Page, FormPage):
    """A form of a record; it leads back to the page that shows what it edits."""

    permission = Permission.EDIT_PERSON
    shown_at: str

    def back(self) -> HttpResponse:
        return redirect(f"records:{self.shown_at}", self.record.pk)


class EditPerson(Edit):
    """The identity and what goes with it. Strict traits that an INS vouches for are shown, and locked."""

    shown_at = "identity"

    def form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, instance=self.person)

    def save(self, fields: dict[str, Any]) -> None:
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


class AddContact(Edit):
    """Somebody new around the person."""

    shown_at = "circle"

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        people.keep_contact(person=self.record.person, contact=None, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Un proche ou un contact"


class EditContact(AddContact):
    """Somebody who is known already."""

    @property
    def contact(self) -> Contact:
        return get_object_or_404(self.record.person.contacts, pk=self.kwargs["contact_id"])

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data, instance=self.contact)

    def save(self, fields: dict[str, Any]) -> None:
        people.keep_contact(
            person=self.record.person, contact=self.contact, by=self.actor.professional, **fields
        )

    def heading(self) -> str:
        return f"{self.contact} : modifier"


class AddStay(Edit):
    """A stay that begins, or is planned."""

    shown_at = "identity"

    def form(self, data: Any = None) -> StayForm:
        return StayForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        records.admit(record=self.record, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Un séjour"


class EditStay(AddStay):
    """A stay to correct, or to end."""

    @property
    def stay(self) -> Stay:
        return get_object_or_404(self.record.stays, pk=self.kwargs["stay_id"])

    def form(self, data: Any = None) -> StayForm:
        return StayForm(data, instance=self.stay)

    def save(self, fields: dict[str, Any]) -> None:
        records.edit_stay(stay=self.stay, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Séjour : modifier"


class AddEvent(Edit):
    """An event of the agenda; the page leads back to its week."""

    permission = Permission.WRITE_AGENDA
    shown_at = "agenda"
    day: dt.date | None = None

    def form(self, data: Any = None) -> EventForm:
        return EventForm(data, team=self.team())

    def team(self) -> Any:
        return team(self.record.establishment_id, self.request.today)

    def save(self, fields: dict[str, Any]) -> None:
        event = agenda.plan_event(record=self.record, by=self.actor.professional, **fields)
        self.day = timezone.localdate(event.starts_at)

    def heading(self) -> str:
        return "Un événement"

    def back(self) -> HttpResponse:
        week = f"?semaine={self.day}" if self.day else ""
        return redirect(reverse("records:agenda", args=[self.record.pk]) + week)


class EditEvent(AddEvent):
    """An event to move, to correct, to report or to cancel."""

    @property
    def event(self) -> Event:
        return get_object_or_404(self.record.agenda_events, pk=self.kwargs["event_id"])

    def form(self, data: Any = None) -> EventForm:
        event = self.event
        self.day = timezone.localdate(event.starts_at)
        return EventForm(data, instance=event, team=self.team())

    def save(self, fields: dict[str, Any]) -> None:
        event = agenda.edit_event(event=self.event, by=self.actor.professional, **fields)
        self.day = timezone.localdate(event.starts_at)

    def heading(self) -> str:
        return "Événement : modifier"
