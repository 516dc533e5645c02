"""The forms of what is to be taken over, and of the news of a unit; the actions decide."""

from typing import Any

from jalon.care.models import News, Task
from jalon.faces.forms import DateInput, EditForm, TeamForm, TimeInput
from jalon.organizations.models import Unit


class TaskForm(TeamForm):
    names, nobody = "holder", "L’équipe"

    class Meta:
        model = Task
        fields = ("what", "due_on", "due_time", "holder")
        labels = {"what": "Ce qui est à reprendre", "due_on": "Jour", "due_time": "Heure", "holder": "À qui"}
        widgets = {"due_on": DateInput(), "due_time": TimeInput()}


class NewsForm(EditForm):
    class Meta:
        model = News
        fields = ("text", "unit", "starts_on", "ends_on")
        labels = {"text": "Ce qu’il faut savoir", "starts_on": "Du", "ends_on": "Au"}
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts = {"text": "Court : cela se lit d’un coup d’œil dans la relève."}

    def __init__(self, *args: Any, units: Any, whole: bool, here: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.label, unit.initial = "Pour qui", here
        unit.queryset = Unit.objects.filter(pk__in=units).order_by("name", "pk")
        unit.empty_label = "Tout l’établissement" if whole else "Choisissez"
        unit.required = not whole
