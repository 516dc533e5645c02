"""Forms of the address book. A code received that no list of ours has stays a choice: nothing is lost."""

from typing import Any

from django import forms

from jalon.faces.forms import EditForm
from jalon.organizations.models import Structure
from jalon.staff.models import Function, Professional
from jalon.terminology import code_system, value_set

# TRE_R23, which the house has no file of.
EXERCISE_MODES = (("L", "Libéral"), ("S", "Salarié"), ("B", "Bénévole"))


def structure_kinds() -> list[tuple[str, str]]:
    return code_system("TRE_R66").choices()


def roles() -> list[tuple[str, str]]:
    return value_set("JDV_J47").choices()


def professions() -> list[tuple[str, str]]:
    return value_set("JDV_J01").choices()


def coded(instance: Any, column: str, choices: Any) -> forms.ChoiceField:
    """A code of a list, in the order of its labels, or the one that was received."""
    known = sorted(choices, key=lambda choice: choice[1])
    held = getattr(instance, column)
    strange = [] if not held or held in dict(known) else [(held, f"{held} (reçu)")]
    label = instance._meta.get_field(column).verbose_name.capitalize()
    return forms.ChoiceField(label=label, required=False, choices=[("", "À préciser"), *strange, *known])


class StructureForm(EditForm):
    class Meta:
        model = Structure
        fields = ("name", "kind", "phone", "email", "city")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = coded(self.instance, "kind", structure_kinds())


class ProfessionalForm(EditForm):
    class Meta:
        model = Professional
        fields = ("last_name", "first_name", "title", "phone", "email")
        help_texts = {"title": "Par exemple M, MME, DR."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("last_name", "first_name"):
            self.fields[name].required = False  # one of the two: the action says so


class FunctionForm(EditForm):
    class Meta:
        model = Function
        fields: tuple[str, ...] = ("role", "profession", "exercise_mode", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = {"role": roles(), "profession": professions(), "exercise_mode": EXERCISE_MODES}
        for column, choices in lists.items():
            self.fields[column] = coded(self.instance, column, choices)


class NewFunctionForm(FunctionForm):
    class Meta(FunctionForm.Meta):
        fields = ("structure", *FunctionForm.Meta.fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        structure: Any = self.fields["structure"]
        structure.queryset = Structure.objects.order_by("name", "key")
        structure.empty_label, structure.required = "À préciser", False
