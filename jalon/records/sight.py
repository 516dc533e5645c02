"""What somebody sees, as the values of questions compiled once (`db.compiled`): one text for everybody."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalon.db.compiled import among, param
from jalon.records.models import AccessGrant
from jalon.staff.queries import Actor, Place
from jalon.staff.rules import RESTRICTED, Permission

Shape = tuple[bool, bool, bool]
"""Of a place, of a unit of it, of one key worker: what the text of the question has."""


@dataclass(frozen=True)
class Held:
    """Where a permission holds: whole houses, units, and the houses of these units."""

    houses: Any = ()
    units: Any = ()
    houses_of_units: Any = ()


@dataclass(frozen=True)
class Sight:
    """Records granted to `reader`, and those where a permission is `held`.

    `now`: with what is open to them in an emergency at that instant. Of these, when it is said: in the houses
    of `place` and not closed, in `unit`, of this `key_worker`.
    """

    today: dt.date
    reader: uuid.UUID | None = None
    held: Held = Held()
    place: tuple[uuid.UUID, ...] | None = None
    unit: uuid.UUID | None = None
    key_worker: uuid.UUID | None = None
    now: dt.datetime | None = None

    @property
    def shape(self) -> Shape:
        return (self.place is not None, self.unit is not None, self.key_worker is not None)

    @property
    def is_empty(self) -> bool:
        """Is nothing seen, whatever the records?"""
        return not (self.reader or self.held.houses or self.held.units)

    def values(self, name: str = "") -> dict[str, Any]:
        """What is asked under this name."""
        return {
            f"{name}today": self.today,
            f"{name}now": self.now,
            f"{name}reader": self.reader,
            f"{name}houses": list(self.held.houses),
            f"{name}units": list(self.held.units),
            f"{name}houses_of_units": list(self.held.houses_of_units),
            f"{name}place": list(self.place or ()),
            f"{name}unit": self.unit,
            f"{name}key_worker": self.key_worker,
        }


def sight_of(actor: Actor, permission: Permission, today: dt.date) -> Sight:
    """What this professional sees with this permission, wherever they work: `Record.objects.visible_to`."""
    if not actor.may(permission):
        return Sight(today)
    now = None if permission in RESTRICTED else actor.now
    return Sight(today, actor.professional.pk, _held_by(actor.places_with(permission)), now=now)


def _held_by(places: Iterable[Place]) -> Held:
    """A membership covers the records of its establishment, and only those of its unit when it names one."""
    every = list(places)
    units = [place for place in every if place.unit_id]
    return Held(
        houses=[place.establishment_id for place in every if not place.unit_id],
        units=[place.unit_id for place in units],
        houses_of_units=[place.establishment_id for place in units],
    )


def seen(path: str, shape: Shape, name: str = "") -> Q:
    """The records of a Sight of this shape, at the end of `path` (`"record__"`), asked under `name`."""
    grants = AccessGrant.objects.in_force(param(f"{name}reader"), param(f"{name}today"), param(f"{name}now"))
    house, unit = f"{path}establishment_id", f"{path}unit_id"
    found = Q(**{f"{path}id__in": grants.values("record_id")})
    found |= Q(among(house, f"{name}houses"))
    found |= Q(among(unit, f"{name}units")) & Q(among(house, f"{name}houses_of_units"))
    of_place, of_unit, of_worker = shape
    if of_place:
        found &= Q(among(house, f"{name}place")) & Q(**{f"{path}closed_on__isnull": True})
    if of_unit:
        found &= Q(**{f"{path}unit": param(f"{name}unit")})
    return found & Q(**{f"{path}key_worker": param(f"{name}key_worker")}) if of_worker else found
