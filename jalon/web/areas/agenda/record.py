"""The agenda of one person: their week, an event to add or to correct."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from jalon.agenda import actions as agenda
from jalon.agenda.changes import EventChanges
from jalon.agenda.models import Event
from jalon.faces.http import Request
from jalon.staff.queries import team
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.agenda.forms import EventForm
from jalon.web.shown.record_page import EditPage, Page
from jalon.web.shown.week import week


class Agenda(Page):
    """The week of the person."""

    permission = Permission.READ_AGENDA
    content = frozenset({ContentClass.DAILY})
    template = "agenda/record.html"

    def get(self, request: Request) -> HttpResponse:
        may_write = self.may(Permission.WRITE_AGENDA)
        return self.show(
            week=week(request, [self.record.pk], editable=may_write),
            add_event=reverse("records:event-add", args=[self.record.pk]) if may_write else "",
        )


class AddEvent(EditPage[EventChanges]):
    """An event of the agenda; the page leads back to its week."""

    permission = Permission.WRITE_AGENDA
    content = frozenset({ContentClass.DAILY})
    shown_at = "agenda"
    day: dt.date | None = None

    def form(self, data: Any = None) -> EventForm:
        return EventForm(data, team=self.team())

    def team(self) -> Any:
        return team(self.record.establishment_id, self.request.today)

    def save(self, fields: EventChanges) -> None:
        event = agenda.plan_event(record=self.record, by=self.actor.professional, **fields)
        self.day = self.request.moment.day_of(event.starts_at)

    def heading(self) -> str:
        return "Ajouter à l’agenda"

    def done(self) -> str:
        return "Ajouté à l’agenda."

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
        self.day = self.request.moment.day_of(event.starts_at)
        return EventForm(data, instance=event, team=self.team())

    def save(self, fields: EventChanges) -> None:
        event = agenda.edit_event(event=self.event, by=self.actor.professional, **fields)
        self.day = self.request.moment.day_of(event.starts_at)

    def heading(self) -> str:
        return "Modifier ce qui est prévu"

    def done(self) -> str:
        return "Agenda modifié."
