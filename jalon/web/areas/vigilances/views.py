"""The vigilances of a person: all of them, one to add, to correct, to end."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.changes import VigilanceChanges
from jalon.people.models import Vigilance
from jalon.people.queries import vigilances_of
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.vigilances.forms import EndVigilanceForm, VigilanceForm
from jalon.web.shown.person import vigilance_badge
from jalon.web.shown.record_page import EditPage, Page


class Vigilances(Page):
    """Those in force, the gravest first, then those that ended, with the reason."""

    permission = Permission.READ_DAILY
    content = frozenset({ContentClass.DAILY})
    template = "vigilances/list.html"
    shown_at = "summary"

    def get(self, request: Request) -> HttpResponse:
        found = vigilances_of([self.person.pk])[self.person.pk]
        ended = self.person.vigilances.filter(active=False).order_by("-pk")
        return self.show(
            vigilances=[{"row": one, "badge": vigilance_badge(one)} for one in found], ended=list(ended)
        )


class AddVigilance(EditPage[VigilanceChanges]):
    """Something new that everyone must know."""

    permission = Permission.WRITE_NOTE
    content = frozenset({ContentClass.DAILY})
    shown_at = "summary"

    def form(self, data: Any = None) -> Any:
        return VigilanceForm(data)

    def save(self, fields: VigilanceChanges) -> None:
        people.warn(person=self.person, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Ajouter une vigilance"

    def done(self) -> str:
        return "Vigilance ajoutée : elle se lit sur toutes les pages."


class OneVigilance(AddVigilance):
    """One that is in force."""

    @property
    def vigilance(self) -> Vigilance:
        return get_object_or_404(self.record.person.vigilances, active=True, pk=self.kwargs["vigilance_id"])


class EditVigilance(OneVigilance):
    """Its nature or its words to correct."""

    def form(self, data: Any = None) -> Any:
        return VigilanceForm(data, instance=self.vigilance)

    def save(self, fields: VigilanceChanges) -> None:
        people.edit_vigilance(vigilance=self.vigilance, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Modifier la vigilance"

    def done(self) -> str:
        return "Vigilance modifiée."


class EndVigilance(OneVigilance):
    """It holds no more: why is asked, and kept."""

    def form(self, data: Any = None) -> Any:
        return EndVigilanceForm(data, instance=self.vigilance)

    def save(self, fields: Any) -> None:
        people.end_vigilance(
            vigilance=self.vigilance, reason=fields["end_reason"], by=self.actor.professional
        )

    def heading(self) -> str:
        return f"Terminer la vigilance : {self.vigilance.text}"

    def done(self) -> str:
        return "Vigilance terminée : elle quitte toutes les pages."
