"""What holds in establishments: modules, word, zone, and the value of any setting."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from jalon.core.moment import Moment
from jalon.db.compiled import compiled, uuids
from jalon.db.groups import is_served
from jalon.organizations.models import Establishment, ManagingBody, SettingValue, Unit
from jalon.organizations.rules import Profile, opened
from jalon.organizations.settings import Setting


def bodies() -> list[uuid.UUID]:
    """The managing bodies that are served on this database."""
    return [pk for pk in ManagingBody.objects.order_by("pk").values_list("pk", flat=True) if is_served(pk)]


def profiles(establishment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Profile]:
    """Each of these establishments, with its units and what was set in it and in them. One query."""
    houses = _houses().all(houses=list(set(establishment_ids)))
    return {house.pk: _profile(house) for house in houses}


@compiled
def _houses() -> QuerySet[Establishment]:
    said = _of_this(SettingValue).values(row=JSONObject(name="name", unit="unit_id", value="value"))
    rooms = _of_this(Unit).order_by("name").values(row=JSONObject(id="pk", name="name"))
    found = Establishment.objects.filter(pk__in=uuids("houses"))
    return found.annotate(said=ArraySubquery(said), rooms=ArraySubquery(rooms)).order_by("name", "pk")


def _of_this(model: type[SettingValue | Unit]) -> QuerySet[Any]:
    return model._default_manager.filter(establishment=OuterRef("pk"))


def _profile(house: Any) -> Profile:
    by_unit: dict[str | None, dict[str, Any]] = defaultdict(dict)
    for row in house.said:
        by_unit[row["unit"]][row["name"]] = row["value"]
    own = by_unit.pop(None, {})
    names = {uuid.UUID(row["id"]): row["name"] for row in house.rooms}
    return Profile(house, own, {uuid.UUID(unit): values for unit, values in by_unit.items()}, names)


def profile_of(establishment: Establishment, unit_id: uuid.UUID | None = None) -> Profile:
    """What holds in this establishment, or in this unit of it. One query."""
    return profiles([establishment.pk])[establishment.pk].within(unit_id)


def open_modules(establishment_ids: Iterable[uuid.UUID], unit_id: uuid.UUID | None = None) -> frozenset[str]:
    """Codes of the modules open in one of these establishments at least, or in that unit. One query."""
    return opened(profiles(establishment_ids).values(), unit_id)


def moment_at(establishment: Establishment, now: dt.datetime) -> Moment:
    """The instant, with the day and the hours of this establishment. One query."""
    return Moment(now, profile_of(establishment).zone)


def value_of(
    setting: Setting,
    *,
    establishment: Establishment | None = None,
    unit: Unit | None = None,
    facts: Establishment | None = None,
) -> Any:
    """The value that holds there: the unit's, else the establishment's, else the body's, else the default.

    `facts`: the establishment that a default is drawn from, when it is not the one that is read.
    """
    body = Q(establishment__isnull=True)
    here = Q(establishment=establishment, unit__isnull=True) if establishment else body
    near = Q(unit=unit) if unit else here
    rows = SettingValue.objects.filter(body | here | near, name=setting.name)
    found = rows.order_by(F("unit").asc(nulls_last=True), F("establishment").asc(nulls_last=True)).first()
    return found.value if found else setting.default_for(facts or establishment)
