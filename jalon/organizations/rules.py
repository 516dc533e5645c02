"""What holds in an establishment, from its facts and from what was set there. Pure."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jalon.organizations.families import BASE, Family, family_of
from jalon.organizations.settings import MODULE, TIME_ZONE, WORD, Place, Setting
from jalon.organizations.words import Word


@dataclass(frozen=True)
class Profile:
    """An establishment with what was set there (name of the setting → value), and in each of its units.

    `unit_names`: every unit, in order of name.
    """

    place: Place
    values: Mapping[str, Any]
    units: Mapping[uuid.UUID, Mapping[str, Any]] = field(default_factory=dict)
    unit_names: Mapping[uuid.UUID, str] = field(default_factory=dict)

    def value(self, setting: Setting) -> Any:
        """What was set, else the default."""
        return self.values[setting.name] if setting.name in self.values else setting.default_for(self.place)

    def within(self, unit_id: uuid.UUID | None) -> "Profile":
        """What holds in that unit; in the establishment itself without one."""
        return Profile(self.place, {**self.values, **self.units.get(unit_id, {})}) if unit_id else self

    @property
    def family(self) -> Family:
        return family_of(self.place.category)

    @cached_property
    def modules(self) -> frozenset[str]:
        """Codes of the modules open here, the base among them."""
        return frozenset(BASE) | {code for code, setting in MODULE.items() if self.value(setting)}

    @property
    def modules_anywhere(self) -> frozenset[str]:
        """Those open in the establishment, or that one of its units opens for itself."""
        return self.modules.union(*(self.within(unit).modules for unit in self.units))

    @cached_property
    def word(self) -> Word:
        return Word.parse(self.value(WORD))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.value(TIME_ZONE))


def opened(houses: Iterable[Profile], unit_id: uuid.UUID | None = None) -> frozenset[str]:
    """Codes of the modules open in one of these establishments at least, the base always.

    With a unit, what holds in it; without, a module that one unit opens for itself is open.
    """
    found = (house.within(unit_id).modules if unit_id else house.modules_anywhere for house in houses)
    return frozenset(BASE).union(*found)
