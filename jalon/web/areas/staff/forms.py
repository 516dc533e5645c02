"""What is typed about a function; the action decides."""

import datetime as dt
from typing import Any

from django import forms

from jalon.faces.forms import CHOOSE, DateInput
from jalon.faces.wrong import PlainWords
from jalon.staff.models import Membership
from jalon.staff.rules import Role


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


class LastDayForm(PlainWords, forms.Form):
    """The last day of a function."""

    ends_on = forms.DateField(label="Dernier jour, compris", widget=DateInput())

    def __init__(self, data: Any = None, *, membership: Membership, today: dt.date) -> None:
        super().__init__(data, initial={"ends_on": membership.ends_on or today})


class DepartureForm(PlainWords, forms.Form):
    """Nothing to type: who, and what it does, are on the page."""
