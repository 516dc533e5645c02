"""The stays of a person: where they are in the house, the list, one to add, one to correct."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from jalon.faces.http import Request
from jalon.records import actions as records
from jalon.records.changes import RecordChanges, StayChanges
from jalon.records.models import Record, Stay
from jalon.staff.queries import team
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.stays.forms import PlaceForm, StayForm
from jalon.web.areas.stays.words import shown_stays
from jalon.web.shown.record_page import EditPage, Page


class Stays(Page):
    """The stays in this house, latest first."""

    permission = Permission.OPEN_RECORD
    content = frozenset({ContentClass.DAILY})
    template = "stays/list.html"

    def get(self, request: Request) -> HttpResponse:
        return self.show(
            stays=shown_stays(self.record, request.today), may_edit=self.may(Permission.EDIT_PERSON)
        )


class Placing(EditPage[RecordChanges]):
    """Unit, room and key worker."""

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    shown_at = "stays"

    def form(self, data: Any = None) -> PlaceForm:
        house = self.record.establishment_id
        return PlaceForm(data, instance=self.record, team=team(house, self.request.today))

    def save(self, fields: RecordChanges) -> None:
        records.place(record=self.record, today=self.request.today, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Unité, chambre et référent"

    def done(self) -> str:
        return "Unité, chambre et référent enregistrés."

    def back(self) -> HttpResponse:
        """Whoever has a right in one unit alone may have just moved the person out of it."""
        mine = Record.objects.visible_to(self.actor, today=self.request.today)
        return super().back() if mine.filter(pk=self.record.pk).exists() else redirect("people:list")


class AddStay(EditPage[StayChanges]):
    """A stay that begins, or is planned."""

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    shown_at = "stays"

    def form(self, data: Any = None) -> StayForm:
        return StayForm(data)

    def save(self, fields: StayChanges) -> None:
        records.admit(record=self.record, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Ajouter un séjour"

    def done(self) -> str:
        return "Séjour ajouté."


class EditStay(AddStay):
    """A stay to correct, or to end."""

    @property
    def stay(self) -> Stay:
        return get_object_or_404(self.record.stays, pk=self.kwargs["stay_id"])

    def form(self, data: Any = None) -> StayForm:
        return StayForm(data, instance=self.stay)

    def save(self, fields: StayChanges) -> None:
        records.edit_stay(stay=self.stay, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Modifier le séjour"

    def done(self) -> str:
        return "Séjour modifié."
