"""Forms of the settings: what was typed; the action reads and decides."""

from typing import Any

from django import forms

from jalon.faces.forms import EditForm, MailField
from jalon.faces.wrong import PlainWords
from jalon.organizations.models import Establishment
from jalon.organizations.settings import Setting


class ValueForm(PlainWords, forms.Form):
    """One setting: a choice, or a text that the setting itself reads."""

    def __init__(self, data: Any = None, *, setting: Setting, value: Any) -> None:
        super().__init__(data, initial={"value": setting.kind.write(value)})
        choices = setting.kind.choices()
        said: dict[str, Any] = {"label": setting.words, "help_text": setting.help}
        self.fields["value"] = (
            forms.ChoiceField(choices=choices, **said) if choices else forms.CharField(max_length=120, **said)
        )


class AddressForm(EditForm):
    mailbox = MailField(label="Boîte MSSanté", required=False, max_length=254)

    class Meta:
        model = Establishment
        fields = ("name", "address_line", "postal_code", "city", "phone", "mailbox")
        widgets = {"phone": forms.TelInput()}


class UnitForm(PlainWords, forms.Form):
    name = forms.CharField(label="Nom de l’unité", max_length=100)
