"""What is wrong in a form, in words that say what to do."""

from typing import Any

from django import forms

NOTHING_WRITTEN = "Rien n’est écrit ici. Complétez pour enregistrer."
NOTHING_CHOSEN = "Rien n’est choisi. Choisissez dans la liste."
NO_DATE = "La date manque. Donnez un jour."
NO_MOMENT = "Le moment manque. Donnez un jour et une heure."
NO_FILE = "Aucun fichier n’est choisi. Choisissez-en un."


class PlainWords(forms.BaseForm):
    """A form that says, of what was left empty, what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if str(field.error_messages["required"]) == str(forms.Field.default_error_messages["required"]):
                field.error_messages["required"] = _missing(field)


def _missing(field: forms.Field) -> str:
    kinds: tuple[tuple[Any, str], ...] = (
        (forms.FileField, NO_FILE),
        ((forms.ChoiceField, forms.ModelChoiceField), NOTHING_CHOSEN),
        (forms.DateTimeField, NO_MOMENT),
        (forms.DateField, NO_DATE),
    )
    return next((words for kind, words in kinds if isinstance(field, kind)), NOTHING_WRITTEN)


def title(form: Any) -> str:
    """What to read above: incomplete only when it is, not saved when a rule refused the whole."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if codes == {"required"}:
        return "Le formulaire n’est pas complet"
    return "Ce n’est pas enregistré" if set(form.errors) == {"__all__"} else "À corriger avant d’enregistrer"
