"""The form of an import: files, where the people are received, for good or not."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings

from jalon.faces.wrong import PlainWords
from jalon.organizations.models import Establishment

TRY, IMPORT = "verifier", "importer"
SENDERS = "Celui que nomme le fichier"
TOO_BIG = (
    f"Ce qui est envoyé dépasse {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} Mo. "
    "Importez les fichiers un par un, ou demandez un fichier par dossier."
)


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files, each with something in it."""

    widget = FilesInput(attrs={"accept": ".json,application/json,application/fhir+json"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class ImportForm(PlainWords, forms.Form):
    """`too_big`: what was sent was left out, since it passed the limit."""

    sent = FilesField(
        label="Fichiers TDDUI",
        help_text="Un Bundle de transaction, ou les ressources d’un même envoi.",
        error_messages={
            "required": "Choisissez au moins un fichier.",
            "empty": "Un des fichiers est vide. Exportez-le de nouveau, puis choisissez-le.",
        },
    )
    house = forms.ChoiceField(label="Établissement qui accueille", required=False)
    gesture = forms.ChoiceField(
        label="Que faire",
        choices=[(TRY, "Vérifier seulement"), (IMPORT, "Importer")],
        initial=TRY,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, houses: Iterable[Establishment], too_big: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["house"]
        field.choices = [("", SENDERS), *((house.finess, f"{house} ({house.finess})") for house in houses)]
        if too_big:
            self.fields["sent"].error_messages["required"] = TOO_BIG
