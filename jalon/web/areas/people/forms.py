"""The forms that search, then welcome somebody: they read traits as people write them; the action decides."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalon.core.dates import PartialDate
from jalon.core.identity import UNKNOWN_PLACE, Traits
from jalon.faces.forms import DateInput
from jalon.faces.wrong import PlainWords
from jalon.people.models import Person
from jalon.staff.queries import Place
from jalon.web.place import House
from jalon.web.shown.traits import BirthDateField, find_place

A_YEAR = dt.timedelta(days=366)  # further, an entry is a slip of the keyboard


class SearchForm(PlainWords, forms.Form):
    """What finds who may already be known: a name, a first name, a birth date as far as it is known."""

    birth_name = forms.CharField(label="Nom de naissance", max_length=100)
    first_name = forms.CharField(label="Premier prénom", max_length=100)
    birth_date = BirthDateField()

    @staticmethod
    def traits(fields: dict[str, Any]) -> Traits:
        """What was typed, compared as traits of which the rest is unknown."""
        born, first = fields["birth_date"], fields["first_name"]
        return Traits(
            fields["birth_name"], first, first, "U", born.completed(), UNKNOWN_PLACE, born.precision
        )


class WelcomeForm(PlainWords, forms.ModelForm):
    """Who, then where and since when. `where` is one of the places this professional may receive in."""

    birth_date = BirthDateField()
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
            "birth_date", "birth_place",
        )  # fmt: skip
        help_texts = {"birth_first_names": "Tous, séparés par une espace. Vide : le premier seulement."}

    def __init__(
        self, *args: Any, houses: Iterable[House], places: Iterable[Place], today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["first_name"].required = True
        where: Any = self.fields["where"]
        where.choices = list(_choices(houses, tuple(places)))

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or {}
        if (starts_on := fields.get("starts_on")) and starts_on > self.today + A_YEAR:
            self.add_error("starts_on", "Cette entrée est dans plus d’un an. Vérifiez la date.")
        if isinstance(born := fields.get("birth_date"), PartialDate):
            fields |= {"birth_date": born.completed(), "birth_date_precision": born.precision}
            try:
                fields["birth_place"] = find_place(fields.get("birth_place", ""), fields["birth_date"])
            except ValidationError as unknown:
                self.add_error("birth_place", unknown)
        return fields

    def _post_clean(self) -> None:
        """Where Django would make a row of what was typed: the action makes it."""

    @staticmethod
    def traits(fields: dict[str, Any]) -> Traits:
        """The strict traits among the fields, which lose them."""
        firsts = fields.pop("birth_first_names") or fields["first_name"]
        names = ("birth_name", "first_name", "sex", "birth_date", "birth_place", "birth_date_precision")
        return Traits(birth_first_names=firsts, **{name: fields.pop(name) for name in names})


def _choices(houses: Iterable[House], places: tuple[Place, ...]) -> Any:
    """The units where the right holds, by establishment; the house itself for who holds it there whole."""
    for house in houses:
        mine = {place.unit_id for place in places if place.establishment_id == house.id}
        units = {unit: name for unit, name in house.units.items() if None in mine or unit in mine}
        whole = [(f"{house.id}:", "Sans unité")] if None in mine else []
        if mine:
            yield house.name, [*whole, *((f"{house.id}:{unit}", name) for unit, name in units.items())]
