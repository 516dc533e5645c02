"""What is typed about a function; the action decides."""

import datetime as dt
from typing import Any

from django import forms

from jalon.faces.forms import CHOOSE, DateInput, MailField
from jalon.faces.wrong import PlainWords
from jalon.staff.models import Membership
from jalon.staff.rules import Role

TRY, IMPORT = "verifier", "importer"
RPPS = r"^\d{11}$"


class FunctionForm(PlainWords, forms.Form):
    """Another function of somebody, from a day on."""

    role = forms.ChoiceField(label="Fonction", choices=[("", CHOOSE), *Role.choices()])
    place = forms.ChoiceField(label="Où")
    starts_on = forms.DateField(label="À partir du", widget=DateInput())

    def __init__(self, data: Any = None, *, spots: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        where: Any = self.fields["place"]
        where.choices = spots if len(spots) == 1 else [("", CHOOSE), *spots]


class WorkForm(FunctionForm):
    """One more function, perhaps for a time."""

    ends_on = forms.DateField(label="Dernier jour, s’il est connu", widget=DateInput(), required=False)


class InviteForm(WorkForm):
    """Somebody who comes, and what they will do here."""

    first_name = forms.CharField(label="Prénom", max_length=100)
    last_name = forms.CharField(label="Nom", max_length=100)
    email = MailField(label="Courriel, à cette personne seule")
    rpps = forms.RegexField(
        RPPS,
        label="RPPS, pour Pro Santé Connect",
        required=False,
        error_messages={"invalid": "Un numéro RPPS a onze chiffres. Corrigez, ou laissez vide."},
    )
    job = forms.CharField(label="Poste, comme on le dit ici", max_length=100, required=False)
    known = forms.BooleanField(
        label="C’est bien la personne déjà connue",
        required=False,
        help_text="Seulement si cette page a dit qui a déjà cette adresse ou ce RPPS.",
    )
    field_order = ("email", "first_name", "last_name", "rpps", "job", "role", "place", "starts_on")


class ListForm(PlainWords, forms.Form):
    """A list of staff, to look at or to bring in."""

    sent = forms.FileField(
        label="Liste, en CSV ou en XLSX",
        help_text="Titres de la première ligne : Nom, Prénom, Courriel, Fonction, Établissement ; et, "
        "s’il y en a, RPPS, Poste, Unité, Début, Fin.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": "Ce fichier est vide. Choisissez celui qui tient la liste."},
    )
    gesture = forms.ChoiceField(
        label="Que faire",
        choices=[(TRY, "Vérifier seulement"), (IMPORT, "Importer")],
        initial=TRY,
        widget=forms.RadioSelect,
    )


class CodeForm(PlainWords, forms.Form):
    """The code that is on the screen of somebody else."""

    code = forms.CharField(
        label="Code que montre son écran",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class LastDayForm(PlainWords, forms.Form):
    """The last day of a function."""

    ends_on = forms.DateField(label="Dernier jour, compris", widget=DateInput())

    def __init__(self, data: Any = None, *, membership: Membership, today: dt.date) -> None:
        super().__init__(data, initial={"ends_on": membership.ends_on or today})


class GestureForm(PlainWords, forms.Form):
    """Nothing to type: who, and what the gesture does, are on the page."""
