"""Of a large place, whose people a page shows: mine, those of a unit, or everybody; of a small one, all."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q

from jalon.faces.http import Request, Scope, as_uuid
from jalon.faces.paging import with_asked
from jalon.records.models import RecordQuerySet
from jalon.records.sight import Sight
from jalon.staff.queries import Actor
from jalon.web.place import scope_of

FEW = 50
"""People that a page shows without being asked whose."""
NAME = "qui"
MINE, EVERYBODY = "miens", "tous"


@dataclass(frozen=True)
class Part:
    """The records that a page shows, and what else may be chosen: value, words, how many; none when few.

    `total`: how many records it has; `place`: how many the place has; `mine`: of whom this professional is
    the key worker. `unit`, `key_worker`: what makes it a part.
    """

    records: RecordQuerySet
    chosen: str
    total: int
    place: int
    mine: int
    choices: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    unit: uuid.UUID | None = None
    key_worker: uuid.UUID | None = None

    @property
    def large(self) -> bool:
        return self.place > FEW

    def of(self, sight: Sight) -> Sight:
        """What somebody sees of the place, in this part of it."""
        return replace(sight, unit=self.unit or sight.unit, key_worker=self.key_worker)


def part_of(request: Request, actor: Actor, here: RecordQuerySet, *, mine_first: bool = True) -> Part:
    """The part that the address asks for; of a large place, one's own people when it asks for none."""
    of_me = Q(key_worker=actor.professional)
    counts = here.aggregate(place=Count("pk"), mine=Count("pk", filter=of_me))
    place, mine = counts["place"], counts["mine"]
    if place <= FEW:
        return Part(here, EVERYBODY, place, place, mine)
    scope, asked = scope_of(request), request.GET.get(NAME, "")
    choices = _choices(scope, mine)
    unit = _unit(scope, asked)
    if unit:
        of_unit = here.filter(unit_id=unit)
        total = of_unit.count()
        return Part(of_unit, str(unit), total, place, mine, choices, _kept(request), unit=unit)
    if mine and (asked == MINE or (mine_first and asked != EVERYBODY)):
        me = actor.professional.pk
        return Part(here.filter(of_me), MINE, mine, place, mine, choices, _kept(request), key_worker=me)
    return Part(here, EVERYBODY, place, place, mine, choices, _kept(request))


def _unit(scope: Scope, asked: str) -> uuid.UUID | None:
    """A unit of the chosen house, where the whole house was chosen."""
    unit = as_uuid(asked)
    return unit if unit in _units(scope) else None


def _units(scope: Scope) -> dict[uuid.UUID, str]:
    house = next((one for one in scope.houses if one.id == scope.establishment_id), None)
    return house.units if house and not scope.unit_id else {}


def _choices(scope: Scope, mine: int) -> tuple[tuple[str, str], ...]:
    own = [(MINE, f"Mes personnes ({mine})")] if mine else []
    units = [(str(unit), name) for unit, name in _units(scope).items()]
    return (*own, *units, (EVERYBODY, scope.name))


def _kept(request: Request) -> tuple[tuple[str, str], ...]:
    """What else the address asks, but for the page: another part begins at its first."""
    asked = (name for name in request.GET if name not in (NAME, "page"))
    return tuple((name, str(request.GET[name])) for name in asked)


def asked_of(request: Request, *names: str) -> str:
    """What the address asks under these names, to be kept behind another question: « &qui=…&page=2 »."""
    others: dict[str, Any] = dict.fromkeys(set(request.GET) - set(names), "")
    said = with_asked(request, **others).removeprefix("?")
    return f"&{said}" if said else ""
