"""The form of an identity: it reads what was typed; the action decides."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from jalon.core.dates import PartialDate
from jalon.faces.forms import LARGEST, DateInput, EditForm, MailField, long_text
from jalon.people.actions import STRICT
from jalon.people.models import Person
from jalon.terminology import place_label
from jalon.web.shown.traits import BirthDateField, DeathDateField, as_typed, find_place

# What the sheet tells in words of its own.
TOLD = {
    "birth_name", "sex", "first_name", "birth_first_names", "birth_date", "birth_place", "died_on",
    "death_reported", "used_name", "used_first_name", "address_line", "postal_code", "city", "phone", "email",
    "comment",
}  # fmt: skip


class PersonForm(EditForm):
    birth_date = BirthDateField()
    died_on = DeathDateField()
    birth_place = forms.CharField(label="Lieu de naissance", required=False)
    email = MailField(label="Courriel", required=False, max_length=254)
    birth_order = forms.IntegerField(
        label="Rang de naissance", required=False, min_value=0, max_value=LARGEST
    )

    titles = {"birth_name": "État civil", "used_name": "Comment l’appeler", "address_line": "Coordonnées"}

    class Meta:
        model = Person
        fields = (
            "birth_name",
            "sex",
            "first_name",
            "birth_first_names",
            "birth_date",
            "birth_place",
            "birth_order",
            "died_on",
            "death_reported",
            "used_name",
            "used_first_name",
            "address_line",
            "postal_code",
            "city",
            "phone",
            "email",
            "comment",
        )
        widgets = {"phone": forms.TelInput(), **long_text("comment")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance
        self.initial["birth_date"] = as_typed(person.birth_date, person.birth_date_precision)
        self.initial["died_on"] = as_typed(person.died_on, person.died_on_precision)
        known = place_label(person.birth_place, person.birth_date)
        self.fields["birth_place"].help_text = f"Commune ou pays, ou son code COG (ici : {known})."
        for name in STRICT & set(self.fields) if person.ins_digest else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        for name in ("birth_date", "died_on"):
            if isinstance(typed := fields.get(name), PartialDate):
                fields |= {name: typed.completed(), f"{name}_precision": typed.precision}
        said = fields.get("birth_place", self.instance.birth_place)
        if said != self.instance.birth_place:
            try:
                fields["birth_place"] = find_place(said, fields.get("birth_date") or timezone.localdate())
            except ValidationError as unknown:
                self.add_error("birth_place", unknown)
        return fields


class PhotoField(forms.FileField):
    """A picture, read whole: the action makes it small and square."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png"})

    def clean(self, data: Any, initial: Any = None) -> bytes:
        sent: bytes = super().clean(data, initial).read()
        return sent


class PhotoForm(EditForm):
    """`too_big`: what was sent was left out, since it passed the limit."""

    photo = PhotoField(
        label="Photo",
        help_text="JPEG ou PNG. Seul le carré du milieu est gardé, sans lieu ni heure de prise de vue.",
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )
    photo_agreed_by = forms.CharField(
        label="Qui est d’accord",
        max_length=200,
        help_text="La personne elle-même, ou qui la représente : son image lui appartient.",
    )
    photo_agreed_on = forms.DateField(label="Accord donné le", widget=DateInput())

    class Meta:
        model = Person
        fields = ("photo_agreed_by", "photo_agreed_on")

    field_order = ("photo", "photo_agreed_by", "photo_agreed_on")

    def __init__(self, *args: Any, too_big: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if too_big:
            self.fields["photo"].error_messages["required"] = (
                "Cette photo est trop lourde. Prenez-la en plus petit."
            )


def also_known(person: Person) -> list[tuple[str, str]]:
    """What else the form asks and somebody answered: label and words. Nothing typed is left unseen."""
    rest = [(name, field) for name, field in PersonForm.base_fields.items() if name not in TOLD]
    return [(str(field.label), said) for name, field in rest if (said := _said(person, name))]


def _said(person: Person, name: str) -> str:
    value = getattr(person, name)
    if value in (None, ""):
        return ""
    return str(getattr(person, f"get_{name}_display", lambda: value)())
