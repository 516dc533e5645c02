"""The forms of a paper added by hand: they read what was sent; the actions decide."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from jalon.core.errors import DomainError
from jalon.core.pasted import drawn
from jalon.documents.files import KINDS, MAX_TITLE, media_type, title_of
from jalon.documents.kinds import choices
from jalon.documents.models import Document, Withdrawal
from jalon.faces.forms import EditForm
from jalon.staff.rules import ContentClass
from jalon.web.shown.traits import BirthDateField

TOO_BIG = (
    f"Ce fichier dépasse {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} Mo. "
    "Numérisez le papier avec moins de détail, ou en plusieurs fois."
)
UNTITLED = "Document ajouté"


class PaperField(forms.FileField):
    """A file, read whole: its bytes say what it is."""

    # Without `capture`, a telephone offers its camera and its files; with it, its camera alone.
    widget = forms.FileInput(attrs={"accept": ",".join(KINDS)})

    def clean(self, data: Any, initial: Any = None) -> bytes:
        sent: bytes = super().clean(data, initial).read()
        try:
            media_type(sent)
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal
        return sent


class WrittenField(BirthDateField):
    """The date a paper carries, as far as it says it."""

    to_come = "Cette date est à venir."


class PaperForm(EditForm):
    """`usual`: the kind chosen in advance; `classes`: what one may read again, hence add; `too_big`: what was
    sent was left out, since it passed the limit.
    """

    paper = PaperField(
        label="Fichier",
        help_text="PDF, JPEG ou PNG ; sur un téléphone, une photographie du papier. Gardé tel quel.",
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )
    type_code = forms.ChoiceField(label="Ce que c’est")
    title = forms.CharField(
        label="Titre", max_length=MAX_TITLE, required=False, help_text="Vide : le nom du fichier."
    )
    dated = WrittenField(label="Date du document", required=False)
    author_label = forms.CharField(
        label="De qui",
        max_length=200,
        required=False,
        help_text="Qui l’a écrit : quelqu’un, ou un organisme du carnet.",
        widget=forms.TextInput(attrs={"list": "auteurs"}),
    )

    class Meta:
        model = Document
        fields = ("type_code", "title", "author_label")

    field_order = ("paper", "type_code", "title", "dated", "author_label")

    def __init__(
        self, *args: Any, usual: str, classes: Collection[ContentClass], too_big: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"type_code": usual}, **kwargs)
        kind: Any = self.fields["type_code"]
        kind.choices = choices(classes)
        if too_big:
            self.fields["paper"].error_messages["required"] = TOO_BIG

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "paper" in said and not said.get("title", "-"):
            sent: Any = self.files["paper"]
            said["title"] = drawn(title_of(sent.name)) or UNTITLED
        return said


class TakeBackForm(EditForm):
    class Meta:
        model = Withdrawal
        fields = ("reason",)
        labels = {"reason": "Pourquoi il n’a pas sa place dans ce dossier"}
