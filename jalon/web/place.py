"""Where the professional is looking from: one unit, one establishment, or all of theirs."""

import uuid
from dataclasses import replace

from jalon.faces.http import House, Request, Scope, as_uuid
from jalon.organizations.families import ANY_WORD
from jalon.organizations.words import KNOWN, Word
from jalon.records.models import Record, RecordQuerySet
from jalon.records.sight import Sight, sight_of
from jalon.staff.rules import Permission


def scope_of(request: Request) -> Scope:
    """The scope of this request, kept on it: from the session, else the first membership."""
    known: Scope | None = getattr(request, "scope", None)
    if known is None:
        known = request.scope = _read(request)
    return known


def word_of(request: Request) -> Word:
    """What people are called where the page is: of the record that is open, else of the chosen place."""
    known: Word | None = getattr(request, "word", None)
    scope = scope_of(request)
    if known is None and request.actor and scope.establishment_id:
        known = request.actor.houses[scope.establishment_id].within(scope.unit_id).word
    return known or KNOWN[ANY_WORD]


def _read(request: Request) -> Scope:
    known = request.actor.houses if request.actor else {}
    houses = tuple(House(pk, str(one.place), dict(one.unit_names)) for pk, one in known.items())
    house_id, unit_id = _chosen(request)
    house = next((one for one in houses if one.id == house_id), None)
    if house is None:
        return Scope("Aucun établissement", "", (), houses=houses)
    unit = house.units.get(unit_id) if unit_id else None
    name = f"Unité {unit}" if unit else "Toutes les unités"
    return Scope(name, house.name, (house.id,), unit_id if unit else None, house.id, houses)


def _chosen(request: Request) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """Establishment and unit of the session, if the professional works there; else of the first place."""
    places = request.actor.places if request.actor else ()
    chosen = request.session.get("place") or {}
    house_id = as_uuid(chosen.get("establishment"))
    if house_id in {place.establishment_id for place in places}:
        return house_id, as_uuid(chosen.get("unit"))
    return (places[0].establishment_id, places[0].unit_id) if places else (None, None)


def records_here(request: Request, permission: Permission = Permission.LIST_RECORDS) -> RecordQuerySet:
    """Records of the chosen place that this professional may see with this permission."""
    if request.actor is None:
        return Record.objects.none()
    scope = scope_of(request)
    records = Record.objects.visible_to(request.actor, permission=permission, today=request.today)
    records = records.filter(establishment_id__in=scope.establishment_ids, closed_on__isnull=True)
    return records.filter(unit_id=scope.unit_id) if scope.unit_id else records


def sight_here(request: Request, permission: Permission = Permission.LIST_RECORDS) -> Sight:
    """The same records, as the values of a question compiled once."""
    if request.actor is None:
        return Sight(request.today)
    scope = scope_of(request)
    seen = sight_of(request.actor, permission, request.today)
    return replace(seen, place=scope.establishment_ids, unit=scope.unit_id)
