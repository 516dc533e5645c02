"""The form of a stay: it reads what was typed; the action decides."""

from django import forms

from jalon.faces.forms import DateInput, EditForm, long_text
from jalon.records.models import Stay
from jalon.web.shown import codes


class StayForm(EditForm):
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
