"""The form that welcomes somebody: it reads traits as people write them; the action decides."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from jalon.core.identity import Traits
from jalon.core.names import fold
from jalon.people.models import Person
from jalon.staff.queries import Place
from jalon.terminology import is_birth_place, search_places
from jalon.terminology import place as known_place
from jalon.terminology.places import UNKNOWN
from jalon.web.forms import DateInput
from jalon.web.place import House

PRECISIONS = [
    ("day", "Au jour près"),
    ("month", "Au mois près : choisir le 1er du mois"),
    ("year", "À l’année près : choisir le 31 décembre"),
]
COG_LENGTH = 5


class WelcomeForm(forms.ModelForm):
    """Who, then where and since when. `where` is one of the places this professional may receive in."""

    birth_place = forms.CharField(
        label="Lieu de naissance",
        required=False,
        help_text="Commune, ou pays si la personne est née à l’étranger. Vide : inconnu.",
    )
    where = forms.ChoiceField(label="Où")
    starts_on = forms.DateField(label="Entrée le", widget=DateInput())

    class Meta:
        model = Person
        fields = (
            "birth_name", "first_name", "birth_first_names", "used_name", "used_first_name", "sex",
            "birth_date", "birth_date_precision", "birth_place",
        )  # fmt: skip
        widgets = {
            "birth_date": DateInput(),
            "birth_date_precision": forms.Select(choices=PRECISIONS),
        }
        help_texts = {"birth_first_names": "Tous, séparés par une espace. Vide : le premier seulement."}

    def __init__(self, *args: Any, houses: Iterable[House], places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "birth_date"):
            self.fields[name].required = True
        where: Any = self.fields["where"]
        where.choices = list(_choices(houses, tuple(places)))

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        born = fields.get("birth_date")
        if born and "birth_place" in fields:
            fields["birth_place"] = self._place(fields["birth_place"], born)
        return fields

    def _place(self, said: str, born: dt.date) -> str:
        found = places_named(said, born) if said else [UNKNOWN]
        if len(found) == 1:
            return found[0]
        several = ", ".join(place.display for code in found if (place := known_place(code, born)))
        self.add_error(
            "birth_place",
            f"Plusieurs lieux portent ce nom : {several}. Écrivez le vôtre en entier."
            if found
            else "Ce lieu n’existait pas sous ce nom à la naissance. Vérifiez-le, ou laissez vide.",
        )
        return UNKNOWN

    @staticmethod
    def traits(fields: dict[str, Any]) -> Traits:
        """The strict traits among the fields, which lose them."""
        firsts = fields.pop("birth_first_names") or fields["first_name"]
        names = ("birth_name", "first_name", "sex", "birth_date", "birth_place", "birth_date_precision")
        return Traits(birth_first_names=firsts, **{name: fields.pop(name) for name in names})


def places_named(said: str, born: dt.date) -> list[str]:
    """The codes of what may be meant: a code, « Grenoble », « Saint-Denis (974) », « Espagne »."""
    code = said.strip().upper()
    if len(code) == COG_LENGTH and is_birth_place(code, born):
        return [code]
    name, _, department = said.strip(" )").partition("(")
    found = [one for one in search_places(name, born, limit=200) if fold(one.name) == fold(name)]
    return [one.code for one in found if one.department == department or not department]


def _choices(houses: Iterable[House], places: tuple[Place, ...]) -> Any:
    """The units where the right holds, by establishment; the house itself for who holds it there whole."""
    for house in houses:
        mine = {place.unit_id for place in places if place.establishment_id == house.id}
        units = {unit: name for unit, name in house.units.items() if None in mine or unit in mine}
        whole = [(f"{house.id}:", "Sans unité")] if None in mine else []
        if mine:
            yield house.name, [*whole, *((f"{house.id}:{unit}", name) for unit, name in units.items())]
