"""Forms of the settings: what was typed; the action reads and decides."""

from typing import Any

from django import forms

from jalon.faces.forms import EditForm, MailField
from jalon.faces.wrong import PlainWords
from jalon.organizations.models import Establishment, Unit
from jalon.organizations.settings import Setting
from jalon.setup.place import Spot


class ValueForm(PlainWords, forms.Form):
    """One setting: a choice, or a text that the setting itself reads."""

    known = True  # even by default, its marks say what the page showed

    def __init__(self, data: Any = None, *, setting: Setting, value: Any, spot: Spot) -> None:
        super().__init__(data, initial={"value": setting.kind.write(value)})
        self.instance = spot
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


class UnitForm(EditForm):
    class Meta:
        model = Unit
        fields = ("name",)
        labels = {"name": "Nom de l’unité"}
