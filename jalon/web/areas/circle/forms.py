"""The form of a contact: it reads what was typed; the action decides."""

from django import forms

from jalon.faces.forms import LARGEST, EditForm, MailField, long_text
from jalon.people.models import Contact
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
