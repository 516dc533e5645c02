"""Forms of the settings: what was typed; the action reads and decides."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from jalon.faces.forms import CHOOSE, EditForm, MailField
from jalon.faces.wrong import PlainWords
from jalon.organizations.models import Establishment, Unit
from jalon.organizations.settings import Setting
from jalon.setup.place import Spot

PAUSES: Final = (2, 5, 10, 15, 30, 60, 120)
"""Minutes without use after which a shared post may lock."""


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


class PostForm(PlainWords, forms.Form):
    """A machine that several people use in turn."""

    name = forms.CharField(
        label="Nom du poste", max_length=60, help_text="Comme on l’appelle : tablette des veilles, bureau."
    )
    establishment = forms.ModelChoiceField(Establishment.objects.none(), label="Établissement")
    minutes = forms.TypedChoiceField(
        label="Se verrouille après",
        choices=[(one, f"{one} minutes sans rien faire") for one in PAUSES],
        coerce=int,
        initial=10,
    )

    def __init__(self, data: Any = None, *, houses: QuerySet[Establishment]) -> None:
        super().__init__(data)
        where: Any = self.fields["establishment"]
        where.queryset = houses
        where.empty_label = None if len(houses) == 1 else CHOOSE
