"""Traits as people write them: a birth date as far as it is known, a birth place by its name or its code."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.identity import UNKNOWN_PLACE
from jalon.faces.http import YEARS
from jalon.terminology import is_birth_place, named_places, place

COG_LENGTH = 5


class BirthDateField(forms.CharField):
    """A birth date as far as it is known: « 12/03/1950 », « 03/1950 », « 1950 »."""

    to_come = "Cette naissance est à venir."

    def __init__(self, label: str = "Date de naissance", **kwargs: Any) -> None:
        said = "JJ/MM/AAAA ; MM/AAAA ou AAAA si le reste est inconnu."
        super().__init__(label=label, help_text=said, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        typed = super().clean(value)
        try:
            born = PartialDate.parse(typed) if typed else None
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal
        if born and born.year not in YEARS:
            raise ValidationError("Cette année est trop loin. Vérifiez la date.")
        # A year alone is completed to its last day, which may be to come.
        if born and (born.year, born.month or 1, born.day or 1) > timezone.localdate().timetuple()[:3]:
            raise ValidationError(f"{self.to_come} Vérifiez la date.")
        return born


class DeathDateField(BirthDateField):
    to_come = "Ce décès est à venir."

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Date de décès", required=False, **kwargs)


def as_typed(date: dt.date | None, precision: str) -> str:
    """A date as `BirthDateField` reads it."""
    shown = {"year": "%Y", "month": "%m/%Y"}.get(precision, "%d/%m/%Y")
    return date.strftime(shown) if date else ""


def find_place(said: str, born: dt.date) -> str:
    """The code of the place named. Raises ValidationError when there is none, or several."""
    found = places_named(said, born) if said.strip() else [UNKNOWN_PLACE]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(
            "Aucun lieu ne porte ce nom à la naissance. Pour une naissance à l’étranger, écrivez le pays "
            "d’aujourd’hui (« Algérie ») ; sinon vérifiez, ou laissez vide."
        )
    several = ", ".join(known.display for code in found if (known := place(code, born)))
    raise ValidationError(f"Plusieurs lieux portent ce nom : {several}. Écrivez le vôtre en entier.")


def places_named(said: str, born: dt.date) -> list[str]:
    """The codes of what may be meant: a code, « Grenoble », « Saint-Denis (974) », « Espagne »."""
    code = said.strip().upper()
    if code == UNKNOWN_PLACE or (len(code) == COG_LENGTH and is_birth_place(code, born)):
        return [code]
    name, _, department = said.strip(" )").partition("(")
    found = [one for one in named_places(name, born) if one.department == department or not department]
    return [one.code for one in found]
