"""The pages that show the settings: the house, each establishment and unit, the machine."""

import os
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.core.settings.table import TABLE
from jalon.faces.http import Request
from jalon.organizations.families import family_of
from jalon.terminology.finess import categories
from jalon.web.areas.settings.spots import SettingsView


class Index(SettingsView):
    """The managing body, its establishments, and what is set for all of them."""

    def get(self, request: Request) -> HttpResponse:
        context = {
            "body": self.body(),
            "houses": [_house(house) for house in self.mine.order_by("name", "pk")],
            "groups": self.groups(self.spot()),
        }
        return render(request, "settings/index.html", context, using="jinja2")


class House(SettingsView):
    """One establishment: who it is, its settings, its units."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        house = self.house()
        context = {
            **_house(house),
            "units": house.units.order_by("name"),
            "groups": self.groups(self.spot()),
        }
        return render(request, "settings/house.html", context, using="jinja2")


class OneUnit(SettingsView):
    """One unit: what it sets for itself."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        context = {"room": self.unit(), "groups": self.groups(self.spot())}
        return render(request, "settings/unit.html", context, using="jinja2")


def _house(house: Any) -> dict[str, Any]:
    category = categories().get(house.category)
    words = category.label.replace("'", "’") if category else ""
    label = f"{words} ({house.category})" if words else house.category or "à préciser"
    return {"house": house, "category": label, "remark": family_of(house.category).remark}


class Machine(SettingsView):
    """The settings of the environment: read only, and a secret is never shown."""

    def get(self, request: Request) -> HttpResponse:
        rows = [_variable(setting, os.environ.get(setting.name, "")) for setting in TABLE]
        return render(request, "settings/machine.html", {"rows": rows}, using="jinja2")


def _variable(setting: Any, given: str) -> dict[str, Any]:
    shown = given or setting.said or setting.default or "—"
    return {
        "setting": setting,
        "value": "secret, jamais montré" if setting.secret else shown,
        "source": "environnement" if given else "par défaut",
    }
