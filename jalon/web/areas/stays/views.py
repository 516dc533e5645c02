"""The stays of a person: one to add, one to correct."""

from typing import Any

from django.shortcuts import get_object_or_404

from jalon.records import actions as records
from jalon.records.models import Stay
from jalon.web.areas.stays.forms import StayForm
from jalon.web.shown.record_page import EditPage


class AddStay(EditPage):
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
