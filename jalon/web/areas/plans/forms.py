"""Forms of the personalised project: they read what was typed; the actions decide."""

from typing import Any

from django import forms

from jalon.faces.forms import CodedField, DateInput, EditForm, MomentField, TeamForm, keep_choice
from jalon.plans.models import Action, Agreement, AimStatus, EndReason, Expectation, Goal, Need, PersonalPlan
from jalon.terminology import value_set
from jalon.web.shown import codes


def plan_types() -> list[tuple[str, str]]:
    """The types of personalised project (JDV_J367)."""
    found = value_set("jdv-j367").choices()
    return [("", "Non précisé"), *((code, label.replace("'", "’")) for code, label in found)]


class PlanForm(EditForm):
    printed = True
    type_code = forms.ChoiceField(label="Type de projet", required=False, choices=plan_types)

    class Meta:
        model = PersonalPlan
        fields = ("title", "type_code", "description", "communication", "starts_on", "ends_on")
        widgets = {
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
            "communication": forms.Textarea(attrs={"rows": 2}),
        }


class ReviewForm(EditForm):
    printed = True

    class Meta:
        model = PersonalPlan
        fields = ("review", "review_words")
        labels = {
            "review": "Ce que l’équipe retient",
            "review_words": "Ce que la personne en dit, avec ses mots",
        }
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("review", "review_words")}


class EndForm(ReviewForm):
    end_reason = forms.ChoiceField(
        label="Pourquoi ce projet se termine",
        choices=[("", "Choisissez un motif"), *EndReason.choices],
        error_messages={"required": "Dites pourquoi le projet se termine."},
    )
    field_order = ("end_reason", "review", "review_words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["end_reason"].required = True  # a plan has none until this page


class ExpectationForm(EditForm):
    printed = True

    class Meta:
        model = Expectation
        fields = ("description", "origin", "comment")
        help_texts = {"description": "Avec les mots de la personne."}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "comment": forms.Textarea(attrs={"rows": 2}),
        }


class NeedForm(EditForm):
    printed = True
    category = CodedField(
        label="Besoin SERAFIN-PH", choices=codes.needs, said=codes.need_label, required=False
    )

    class Meta:
        model = Need
        fields = ("category", "description", "analysis", "comment")
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("description", "analysis", "comment")}


class AimForm(TeamForm):
    """What goals and actions share: a team to choose from, links to what they serve."""

    printed = True
    status = forms.ChoiceField(label="État", choices=AimStatus.choices)
    links = ""

    def __init__(self, *args: Any, linked: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links: Any = self.fields[self.links]
        links.choices = linked
        keep_choice(links, self.initial.get(self.links))
        if not links.choices:
            del self.fields[self.links]

    def clean(self) -> dict[str, Any]:
        """Links keep the order they had: a new one comes after."""
        fields = super().clean()
        if chosen := fields.get(self.links):
            held = self.initial.get(self.links) or []
            fields[self.links] = sorted(chosen, key=lambda key: held.index(key) if key in held else len(held))
        return fields


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


class AgreementForm(EditForm):
    printed = True

    class Meta:
        model = Agreement
        fields = ("signed_at", "valid_from", "valid_until", "words")
        field_classes = {"signed_at": MomentField}
        labels = {"signed_at": "Accord donné le"}
        widgets = {
            "valid_from": DateInput(),
            "valid_until": DateInput(),
            "words": forms.Textarea(attrs={"rows": 2}),
        }
