"""The place that a page of settings is about: among those where this professional may set something."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from jalon.organizations.families import family_of
from jalon.organizations.models import Establishment, ManagingBody, Unit
from jalon.organizations.settings import BODY, HOUSE, UNIT, Setting
from jalon.setup.place import Spot
from jalon.setup.queries import Told, told
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.gate import ProfessionalView
from jalon.web.registry import settings

NOT_MINE = "Vous ne réglez pas cet établissement."
OF = {BODY: "body", HOUSE: "house", UNIT: "unit"}


class SettingsView(ProfessionalView):
    """What these pages share."""

    permission = Permission.MANAGE_SETTINGS
    content = NO_CONTENT

    @property
    def mine(self) -> QuerySet[Establishment]:
        """The establishments that this professional sets up."""
        ids = {place.establishment_id for place in self.actor.places_with(self.permission)}
        return Establishment.objects.filter(pk__in=ids)

    def house(self) -> Establishment:
        return self.mine.filter(pk=self.kwargs["house_id"]).first() or self.refuse(NOT_MINE)

    def unit(self) -> Unit:
        units = Unit.objects.filter(establishment__in=self.mine).select_related("establishment")
        return units.filter(pk=self.kwargs["unit_id"]).first() or self.refuse(NOT_MINE)

    def spot(self) -> Spot:
        """Of this page, by what its address names."""
        if "unit_id" in self.kwargs:
            return Spot.of(self.unit())
        return Spot(self.house()) if "house_id" in self.kwargs else Spot()

    def setting(self) -> Setting:
        """The one that the address names, if it may be set there by this professional."""
        found = settings().get(self.kwargs["name"])
        if (
            found is None
            or self.spot().level not in found.levels
            or not self.actor.may(Permission(found.permission))
        ):
            raise Http404
        return found

    def body(self) -> ManagingBody:
        return ManagingBody.objects.get(pk=self.actor.professional.managing_body_id)

    def groups(self, spot: Spot) -> list[tuple[str, list[dict[str, Any]]]]:
        """The settings of a place under their headings, in the order in which they are declared."""
        found: dict[str, list[dict[str, Any]]] = {}
        for one in told(settings().values(), spot):
            found.setdefault(one.setting.group, []).append(_line(one, spot))
        return list(found.items())


def address(spot: Spot, action: str, name: str) -> str:
    """Where a setting of this place is changed (`edit`), or brought back (`reset`)."""
    where = [one.pk for one in (spot.unit or spot.house,) if one]
    return reverse(f"settings:{OF[spot.level]}-{action}", args=[*where, name])


def home(spot: Spot) -> str:
    """The page that shows the settings of this place."""
    where = spot.unit or spot.house
    return reverse(f"settings:{OF[spot.level]}", args=[where.pk]) if where else reverse("settings:index")


def _line(one: Told, spot: Spot) -> dict[str, Any]:
    proposed = family_of(spot.house.category).proposed if spot.house else frozenset()
    return {
        "told": one,
        "edit": address(spot, "edit", one.setting.name),
        "proposed": one.setting.name.removeprefix("module.") in proposed and not one.value,
    }
