"""The form of an event: it reads what was typed; the action decides."""

from django import forms

from jalon.agenda.models import Event, EventStatus
from jalon.faces.forms import CodedField, MomentField, TeamForm, long_text
from jalon.web.shown import codes


class EventForm(TeamForm):
    label = forms.CharField(label="Ce qui est prévu", max_length=200)
    type_code = CodedField(
        label="Type", required=False, choices=codes.event_types, said=codes.event_type_label
    )
    status = forms.ChoiceField(label="État", choices=EventStatus.choices)

    titles = {"status": "Ce qu’il en est"}

    class Meta:
        model = Event
        fields = (
            "label",
            "starts_at",
            "ends_at",
            "place",
            "responsible",
            "type_code",
            "status",
            "person_present",
            "reason",
            "report",
        )
        field_classes = {"starts_at": MomentField, "ends_at": MomentField}
        labels = {"person_present": "La personne était présente"}
        help_texts = {"reason": "À dire quand c’est annulé."}
        widgets = {
            "person_present": forms.NullBooleanSelect(),
            **long_text("reason", "report"),
        }
