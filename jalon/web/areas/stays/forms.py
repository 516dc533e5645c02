"""The forms of a stay and of a place in the house: they read what was typed; the action decides."""

from typing import Any

from django import forms

from jalon.faces.forms import DateInput, EditForm, TeamForm, long_text
from jalon.organizations.models import Unit
from jalon.records.models import Record, Stay
from jalon.web.shown import codes


class StayForm(EditForm):
    mode = forms.ChoiceField(label="Modalité d’accueil", required=False, choices=codes.modes)
    entry_mode = forms.ChoiceField(
        label="Provenance", required=False, choices=lambda: codes.choices(codes.ENTRIES)
    )
    exit_mode = forms.ChoiceField(
        label="Motif de sortie", required=False, choices=lambda: codes.choices(codes.EXITS)
    )

    titles = {
        "starts_on": "Le séjour",
        "planned_start": "Ce qui est prévu",
        "admitted_on": "L’admission",
    }

    class Meta:
        model = Stay
        fields = (
            "starts_on",
            "ends_on",
            "mode",
            "entry_mode",
            "exit_mode",
            "planned_start",
            "planned_end",
            "admitted_on",
            "file_number",
            "comment",
        )
        widgets = long_text("comment") | {
            name: DateInput()
            for name in ("admitted_on", "starts_on", "ends_on", "planned_start", "planned_end")
        }


class PlaceForm(TeamForm):
    """Unit, room and key worker. A house without units asks for none."""

    names = "key_worker"

    class Meta:
        model = Record
        fields = ("unit", "room", "key_worker")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.filter(establishment=self.instance.establishment_id).order_by("name")
        unit.empty_label = "Sans unité"
        if not unit.queryset.exists():
            del self.fields["unit"]
