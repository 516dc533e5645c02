"""What holds in a place, setting by setting: its value, where it comes from, who set it and when; what it
changed of the functions.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalon.db.past import versions
from jalon.organizations.models import Establishment, SettingValue
from jalon.organizations.settings import BODY, HOUSE, UNIT, Setting
from jalon.setup.place import Spot
from jalon.staff.models import FunctionChange, Professional
from jalon.staff.rules import Permission

DEFAULT = "default"
SOURCES = {
    DEFAULT: "par défaut",
    BODY: "réglé pour l’organisme",
    HOUSE: "réglé pour l’établissement",
    UNIT: "réglé pour l’unité",
}


@dataclass(frozen=True)
class Told:
    """A setting as the room shows it. `who` and `when`: of the last change here, even back to the default."""

    setting: Setting
    value: Any
    source: str
    default: Any
    own: bool
    who: str = ""
    when: dt.datetime | None = None

    @property
    def said(self) -> str:
        return self.setting.kind.told(self.value)

    @property
    def default_said(self) -> str:
        return self.setting.kind.told(self.default)

    @property
    def from_where(self) -> str:
        return SOURCES[self.source]


def told(settings: Iterable[Setting], spot: Spot) -> list[Told]:
    """Each of these settings that may be set in this place. Three queries, whatever their number."""
    here = [setting for setting in settings if spot.level in setting.levels]
    values, changes = _values(spot), _changes(spot)
    return [_told(setting, spot, values, changes.get(setting.name)) for setting in here]


def _told(
    setting: Setting, spot: Spot, values: dict[tuple[str, str], Any], change: tuple[str, dt.datetime] | None
) -> Told:
    default = setting.default_for(spot.house)
    nearest = next((level for level in (UNIT, HOUSE, BODY) if (level, setting.name) in values), DEFAULT)
    value = values.get((nearest, setting.name), default)
    who, when = change or ("", None)
    return Told(setting, value, nearest, default, nearest == spot.level, who, when)


def _values(spot: Spot) -> dict[tuple[str, str], Any]:
    """(level, name) → value, of this place and of those above it."""
    body = Q(establishment=None)
    house = Q(establishment=spot.house, unit=None) if spot.house else body
    unit = Q(unit=spot.unit) if spot.unit else house
    rows = SettingValue.objects.filter(body | house | unit)
    return {(_level(row), row.name): row.value for row in rows}


def _level(row: SettingValue) -> str:
    return UNIT if row.unit_id else HOUSE if row.establishment_id else BODY


def _changes(spot: Spot) -> dict[str, tuple[str, dt.datetime]]:
    """Name of a setting → who changed it here last, and when."""
    rows = versions(SettingValue).filter(establishment=spot.house, unit=spot.unit).order_by("pgh_id")
    last = {row["name"]: row for row in rows.values("name", "pgh_created_at", "pgh_context")}
    names = _names(_who(row) for row in last.values())
    return {name: (names.get(_who(row), ""), row["pgh_created_at"]) for name, row in last.items()}


@dataclass(frozen=True)
class Change:
    """A right of a function that a house changed: given or taken away, by whom, when."""

    permission: Permission
    given: bool
    who: str
    when: dt.datetime


def changes_of_functions(house: Establishment) -> dict[tuple[str, str], Change]:
    """(function, right) → the change in force there."""
    kept = FunctionChange.objects.filter(establishment=house).values_list("pk", flat=True)
    rows = versions(FunctionChange).filter(id__in=kept).order_by("pgh_id")
    last = {
        (row["role"], row["permission"]): row
        for row in rows.values("role", "permission", "given", "pgh_created_at", "pgh_context")
    }
    names = _names(_who(row) for row in last.values())
    return {
        key: Change(
            Permission(row["permission"]), row["given"], names.get(_who(row), ""), row["pgh_created_at"]
        )
        for key, row in last.items()
    }


def _who(row: dict[str, Any]) -> str:
    return str((row["pgh_context"] or {}).get("professional") or "")


def _names(keys: Iterable[str]) -> dict[str, str]:
    wanted = {uuid.UUID(key) for key in keys if key}
    return {str(one.pk): str(one) for one in Professional.objects.filter(pk__in=wanted)} if wanted else {}
