"""The form of a contact: it reads what was typed; the action decides."""

from typing import Any

from django import forms

from jalon.faces.forms import LARGEST, DateInput, EditForm, MailField, long_text
from jalon.people.models import Contact, ParentalResponsibility, Person, ProtectionMeasure
from jalon.web.shown import codes


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

    printed = True  # whoever agrees for the person
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


class OfTheEntourage(EditForm):
    """A form that names somebody of the entourage of this person."""

    nobody = "Choisissez"

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact: Any = self.fields["contact"]
        contact.queryset, contact.empty_label = person.contacts.all(), self.nobody


class MeasureForm(OfTheEntourage):
    """A mode left « à vérifier » stays so: no default decides who signs."""

    nobody = "Personne de l’entourage"
    titles = {"kind": "La décision", "person_mode": "Ce qu’elle permet", "contact": "Qui l’exerce"}

    class Meta:
        model = ProtectionMeasure
        fields = (
            "kind",
            "court",
            "decided_on",
            "starts_on",
            "ends_on",
            "person_mode",
            "goods_mode",
            "acts",
            "contact",
            "holder",
            "deputy",
        )
        labels = {"holder": "Mandataire, s’il n’est pas dans l’entourage"}
        help_texts = {
            "contact": "Seul quelqu’un de l’entourage peut être proposé pour signer.",
            "acts": "Ce que le juge a limité ou nommé, en ses mots.",
        }
        widgets = {name: DateInput() for name in ("decided_on", "starts_on", "ends_on")} | long_text("acts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person_mode", "goods_mode"):
            mode: Any = self.fields[name]
            mode.choices = [("", "À vérifier"), *ProtectionMeasure.Mode.choices]


class ParentForm(OfTheEntourage):
    class Meta:
        model = ParentalResponsibility
        fields = ("contact", "exercise", "restriction", "decision", "starts_on", "ends_on")
        help_texts = {"decision": "Jugement ou ordonnance, avec sa date. Vide : aucune."}
        widgets = {name: DateInput() for name in ("starts_on", "ends_on")}
