"""The form of a record opened to somebody: it reads what was typed; the action decides."""

import datetime as dt
from typing import Any

from django import forms

from jalon.faces.forms import CHOOSE, DateInput, EditForm
from jalon.records.models import AccessGrant
from jalon.staff.models import Professional
from jalon.staff.queries import who_opens_records

A_WEEK = dt.timedelta(days=7)


class GrantForm(EditForm):
    to = forms.ModelChoiceField(Professional.objects.none(), label="À qui", empty_label=CHOOSE)

    class Meta:
        model = AccessGrant
        fields = ("reason", "starts_on", "ends_on")
        labels = {"reason": "Pourquoi", "starts_on": "Du", "ends_on": "Au"}
        help_texts = {
            "reason": "Écrit dans l’historique\N{NO-BREAK SPACE}: un remplacement, un séjour, une visite.",
            "ends_on": "Ce jour compris, trois mois au plus.",
        }
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}

    field_order = ("to", "reason", "starts_on", "ends_on")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": today, "ends_on": today + A_WEEK}, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = who_opens_records(today)
