"""The stays of a person: the list, one to add, one to correct."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from jalon.faces.http import Request
from jalon.records import actions as records
from jalon.records.changes import StayChanges
from jalon.records.models import Stay
from jalon.staff.rules import Permission
from jalon.web.areas.stays.forms import StayForm
from jalon.web.areas.stays.words import shown_stays
from jalon.web.shown.record_page import EditPage, Page


class Stays(Page):
    """The stays in this house, latest first."""

    permission = Permission.OPEN_RECORD
    template = "stays/list.html"

    def get(self, request: Request) -> HttpResponse:
        return self.show(
            stays=shown_stays(self.record, request.today), may_edit=self.may(Permission.EDIT_PERSON)
        )


class AddStay(EditPage[StayChanges]):
    """A stay that begins, or is planned."""

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
