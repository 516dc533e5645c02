"""Forms of what a record holds: they read what was typed; the actions decide."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from jalon.agenda.models import Event, EventStatus
from jalon.core.dates import PartialDate
from jalon.faces.forms import DateInput, EditForm, MomentInput, TeamForm
from jalon.people.actions import STRICT
from jalon.people.models import Contact, Person
from jalon.records.models import Stay
from jalon.terminology import place_label
from jalon.web.people.traits import BirthDateField, find_place
from jalon.web.records import codes

LARGEST = 32767  # of a small integer of PostgreSQL


def long_text(*names: str) -> dict[str, Any]:
    return {name: forms.Textarea(attrs={"rows": 2}) for name in names}


class MailField(forms.EmailField):
    """An address: checked here rather than by the browser, which would stop a page over one received."""

    widget = forms.TextInput(attrs={"inputmode": "email"})


def _typed(person: Person) -> str:
    """Its birth date as `BirthDateField` reads it."""
    if person.birth_date is None:
        return ""
    shown = {"year": "%Y", "month": "%m/%Y"}.get(person.birth_date_precision, "%d/%m/%Y")
    return person.birth_date.strftime(shown)


class PersonForm(EditForm):
    birth_date = BirthDateField()
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
            "used_name",
            "used_first_name",
            "address_line",
            "postal_code",
            "city",
            "phone",
            "email",
            "comment",
        )
        widgets = {"died_on": DateInput(), "phone": forms.TelInput(), **long_text("comment")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance
        self.initial["birth_date"] = _typed(person)
        known = place_label(person.birth_place, person.birth_date)
        self.fields["birth_place"].help_text = f"Commune ou pays, ou son code COG (ici : {known})."
        for name in STRICT & set(self.fields) if person.ins_digest else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        if isinstance(born := fields.get("birth_date"), PartialDate):
            fields |= {"birth_date": born.completed(), "birth_date_precision": born.precision}
        said = fields.get("birth_place", self.instance.birth_place)
        if said != self.instance.birth_place:
            try:
                fields["birth_place"] = find_place(said, fields.get("birth_date") or timezone.localdate())
            except ValidationError as unknown:
                self.add_error("birth_place", unknown)
        return fields


class ContactForm(EditForm):
    role = forms.ChoiceField(label="Rôle", required=False, choices=lambda: codes.choices(codes.ROLES))
    relation = forms.ChoiceField(label="Lien avec la personne", required=False, choices=codes.relations)
    protection = forms.ChoiceField(
        label="Protection juridique", required=False, choices=lambda: codes.choices(codes.PROTECTIONS)
    )
    email = MailField(label="Courriel", required=False, max_length=254)
    call_order = forms.IntegerField(
        label="Ordre d’appel",
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text="1 pour la première personne à appeler.",
    )

    titles = {"last_name": "Qui", "phone": "Pour joindre cette personne"}

    class Meta:
        model = Contact
        fields = (
            "last_name",
            "first_name",
            "relation",
            "role",
            "protection",
            "trusted",
            "phone",
            "email",
            "call_order",
            "comment",
        )
        widgets = {"phone": forms.TelInput(), **long_text("comment")}


class StayForm(EditForm):
    entry_mode = forms.ChoiceField(
        label="Provenance", required=False, choices=lambda: codes.choices(codes.ENTRIES)
    )
    exit_mode = forms.ChoiceField(
        label="Motif de sortie", required=False, choices=lambda: codes.choices(codes.EXITS)
    )

    titles = {
        "starts_on": "Le séjour",
        "planned_start": "Ce qui est prévu",
        "admitted_on": "L’admission",
    }

    class Meta:
        model = Stay
        fields = (
            "starts_on",
            "ends_on",
            "entry_mode",
            "exit_mode",
            "planned_start",
            "planned_end",
            "admitted_on",
            "file_number",
            "mode",
            "comment",
        )
        help_texts = {"mode": "Code de la nomenclature TRE_R338."}
        widgets = long_text("comment") | {
            name: DateInput()
            for name in ("admitted_on", "starts_on", "ends_on", "planned_start", "planned_end")
        }


class EventForm(TeamForm):
    label = forms.CharField(label="Ce qui est prévu", max_length=200)
    type_code = forms.ChoiceField(label="Type", required=False, choices=codes.event_types)
    status = forms.ChoiceField(label="État", choices=EventStatus.choices)

    titles = {"status": "Ce qu’il en est"}

    class Meta:
        model = Event
        fields = (
            "label",
            "starts_at",
            "ends_at",
            "place",
            "responsible",
            "type_code",
            "status",
            "person_present",
            "reason",
            "report",
        )
        labels = {"person_present": "La personne était présente"}
        help_texts = {"reason": "Obligatoire quand l’événement est annulé."}
        widgets = {
            "starts_at": MomentInput(),
            "ends_at": MomentInput(),
            "person_present": forms.NullBooleanSelect(),
            **long_text("reason", "report"),
        }
