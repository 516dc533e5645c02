"""The forms of a vigilance: they read what was typed; the action decides."""

from jalon.faces.forms import EditForm
from jalon.people.models import Vigilance


class VigilanceForm(EditForm):
    class Meta:
        model = Vigilance
        fields = ("kind", "text")
        labels = {"text": "Ce qu’il faut savoir"}
        help_texts = {"text": "Court : il se lit sur toutes les pages et sur chaque document imprimé."}


class EndVigilanceForm(EditForm):
    class Meta:
        model = Vigilance
        fields = ("end_reason",)
        labels = {"end_reason": "Pourquoi elle prend fin"}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["end_reason"].required = True
