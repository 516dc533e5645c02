"""The forms of records that are opened: they read what was typed; the actions decide."""

import datetime as dt
from typing import Any

from django import forms

from jalon.faces.forms import CHOOSE, DateInput, EditForm
from jalon.faces.wrong import PlainWords
from jalon.records.models import AccessGrant
from jalon.records.openings import DAYS
from jalon.records.replacing import substitutes
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import in_force, who_opens_records

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


def _reason(label: str, **said: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, **said)


class AskForm(PlainWords, forms.Form):
    """A record that is asked for."""

    reason = _reason("Pourquoi", help_text="Lu par qui répond, et gardé.")
    days = forms.ChoiceField(
        label="Pour combien de temps", choices=[(str(one), words) for one, words in DAYS.items()]
    )


class EmergencyForm(PlainWords, forms.Form):
    """A record that is opened because care cannot wait."""

    reason = _reason("Ce qui se passe", help_text="Une phrase. Elle est gardée et sera relue.")


class AnswerForm(PlainWords, forms.Form):
    """Yes, for the days that were asked; or no, and why."""

    decision = forms.ChoiceField(label="Votre réponse", widget=forms.RadioSelect())
    answer = _reason("Pourquoi non", required=False, help_text="Lu par qui a demandé.")

    def __init__(self, data: Any = None, *, duration: str) -> None:
        super().__init__(data)
        decision: Any = self.fields["decision"]
        decision.choices = [("oui", f"Ouvrir le dossier, {duration}"), ("non", "Ne pas l’ouvrir")]


class ReviewForm(PlainWords, forms.Form):
    """Was it an emergency?"""

    decision = forms.ChoiceField(
        label="C’était une urgence", widget=forms.RadioSelect(), choices=[("oui", "Oui"), ("non", "Non")]
    )
    words = _reason("Votre avis", required=False, help_text="Nécessaire si ce n’en était pas une.")


class ReplaceForm(PlainWords, forms.Form):
    """Whose function, to whom, why, from when to when."""

    work = forms.ModelChoiceField(Membership.objects.none(), label="Qui est remplacé", empty_label=CHOOSE)
    substitute = forms.ModelChoiceField(Professional.objects.none(), label="Par qui", empty_label=CHOOSE)
    starts_on = forms.DateField(label="Du", widget=DateInput())
    ends_on = forms.DateField(label="Au", widget=DateInput(), help_text="Ce jour compris, un mois au plus.")
    reason = _reason("Pourquoi", help_text="Un congé, une absence. Lu par les deux.")

    def __init__(self, data: Any = None, *, today: dt.date, works: Any, me: Professional) -> None:
        super().__init__(data, initial={"starts_on": today, "ends_on": today})
        work: Any = self.fields["work"]
        work.queryset = works.filter(in_force(today)).exclude(professional=me)
        work.label_from_instance = _worded
        substitute: Any = self.fields["substitute"]
        substitute.queryset = substitutes().exclude(pk=me.pk)


def _worded(work: Membership) -> str:
    where = work.unit.name if work.unit else work.establishment.name
    return f"{work.professional}, {work.get_role_display()}, {where}"
