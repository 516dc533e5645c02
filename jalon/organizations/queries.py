"""What holds in establishments: modules, word, zone, and the value of any setting."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import F, Q

from jalon.core.moment import Moment
from jalon.organizations.families import BASE
from jalon.organizations.models import Establishment, SettingValue, Unit
from jalon.organizations.rules import Profile
from jalon.organizations.settings import OWN, Setting

NAMES = frozenset(setting.name for setting in OWN)


def profiles(establishment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Profile]:
    """Each of these establishments, with what was set in it and in its units. One query."""
    rows = Establishment.objects.filter(pk__in=set(establishment_ids)).order_by("pk")
    told = rows.annotate(
        setting=F("settings__name"), setting_unit=F("settings__unit_id"), setting_value=F("settings__value")
    )
    return {house_id: _profile(list(group)) for house_id, group in groupby(told, key=lambda row: row.pk)}


def _profile(rows: list[Any]) -> Profile:
    by_unit: dict[uuid.UUID | None, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        if row.setting in NAMES:
            by_unit[row.setting_unit][row.setting] = row.setting_value
    return Profile(rows[0], by_unit.pop(None, {}), {unit: values for unit, values in by_unit.items() if unit})


def profile_of(establishment: Establishment, unit_id: uuid.UUID | None = None) -> Profile:
    """What holds in this establishment, or in this unit of it. One query."""
    return profiles([establishment.pk])[establishment.pk].within(unit_id)


def open_modules(establishment_ids: Iterable[uuid.UUID], unit_id: uuid.UUID | None = None) -> frozenset[str]:
    """Codes of the modules open in one of these establishments at least, the base always. One query.

    With a unit, what holds in it; without, a module that one unit opens for itself is open.
    """
    houses = profiles(establishment_ids).values()
    opened = (house.within(unit_id).modules if unit_id else house.modules_anywhere for house in houses)
    return frozenset(BASE).union(*opened)


def moment_at(establishment: Establishment, now: dt.datetime) -> Moment:
    """The instant, with the day and the hours of this establishment. One query."""
    return Moment(now, profile_of(establishment).zone)


def value_of(
    setting: Setting, *, establishment: Establishment | None = None, unit: Unit | None = None
) -> Any:
    """The value that holds there: the unit's, else the establishment's, else the body's, else the default."""
    body = Q(establishment__isnull=True)
    here = Q(establishment=establishment, unit__isnull=True) if establishment else body
    near = Q(unit=unit) if unit else here
    rows = SettingValue.objects.filter(body | here | near, name=setting.name)
    found = rows.order_by(F("unit").asc(nulls_last=True), F("establishment").asc(nulls_last=True)).first()
    return found.value if found else setting.default_for(establishment)
