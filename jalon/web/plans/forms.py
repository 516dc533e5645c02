"""Forms of the personalised project: they read what was typed; the actions decide."""

from typing import Any

from django import forms

from jalon.plans.models import Action, AimStatus, Expectation, Goal, Need, PersonalPlan
from jalon.staff.models import Professional
from jalon.terminology import serafin
from jalon.web.forms import DateInput


def needs() -> list[tuple[str, str]]:
    """The SERAFIN-PH needs (JDV_J285), in the order of their numbers."""
    return [
        ("", "À préciser plus tard"),
        *((line.code, f"{line.code} {line.label}") for line in serafin.family("besoins")),
    ]


class PlanForm(forms.ModelForm):
    class Meta:
        model = PersonalPlan
        fields = ("title", "description", "communication", "starts_on", "ends_on")
        widgets = {
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
            "communication": forms.Textarea(attrs={"rows": 2}),
        }


class ExpectationForm(forms.ModelForm):
    class Meta:
        model = Expectation
        fields = ("description", "origin", "comment")
        help_texts = {"description": "Avec les mots de la personne."}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "comment": forms.Textarea(attrs={"rows": 2}),
        }


class NeedForm(forms.ModelForm):
    category = forms.ChoiceField(label="Besoin SERAFIN-PH", choices=needs, required=False)

    class Meta:
        model = Need
        fields = ("category", "description", "analysis")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "analysis": forms.Textarea(attrs={"rows": 2}),
        }


class AimForm(forms.ModelForm):
    """What goals and actions share: a team to choose from, links to what they serve."""

    status = forms.ChoiceField(label="État", choices=AimStatus.choices)

    def __init__(
        self, *args: Any, team: list[Professional], linked: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        responsible: Any = self.fields["responsible"]
        responsible.queryset = Professional.objects.filter(pk__in=[one.pk for one in team])
        responsible.empty_label = "À désigner"
        links: Any = self.fields[self.links]
        links.choices = linked
        if not linked:
            del self.fields[self.links]

    links = ""


class GoalForm(AimForm):
    links = "need_keys"
    need_keys = forms.MultipleChoiceField(
        label="Besoins visés", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Goal
        fields = (
            "title",
            "description",
            "status",
            "responsible",
            "starts_on",
            "due_on",
            "expected",
            "strategy",
            "opinion",
            "need_keys",
        )
        widgets = {"starts_on": DateInput(), "due_on": DateInput()} | {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("description", "expected", "strategy", "opinion")
        }


class ActionForm(AimForm):
    links = "goal_keys"
    goal_keys = forms.MultipleChoiceField(
        label="Objectifs servis", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Action
        fields = (
            "title",
            "description",
            "status",
            "responsible",
            "starts_on",
            "ends_on",
            "expected",
            "opinion",
            "goal_keys",
        )
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()} | {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("description", "expected", "opinion")
        }
