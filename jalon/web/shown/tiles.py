"""One tile a person, as lists show people."""

from typing import Any

from jalon.core.names import initials
from jalon.faces.http import Request
from jalon.people.models import Vigilance
from jalon.people.queries import vigilances_of
from jalon.records.models import Record
from jalon.staff.rules import Permission
from jalon.web.shown.person import born, death, vigilance_badge


def tiles(request: Request, records: list[Any]) -> list[dict[str, Any]]:
    """One tile per person: name, birth, death, room, and all their vigilances, the gravest first, for whoever
    reads the daily life of that record.

    `why`: of whom a search found by a near name, what is near.
    """
    told = _whose_life_is_read(request, records)
    found = vigilances_of([record.person_id for record in records if record.pk in told])
    return [_tile(record, found[record.person_id]) for record in records]


def _whose_life_is_read(request: Request, records: list[Any]) -> set[Any]:
    """Of these records; without asking the database when a function reads it everywhere or nowhere."""
    actor, every = request.actor, {record.pk for record in records}
    if actor is None or not actor.may(Permission.READ_DAILY):
        return set()
    if actor.places_with(Permission.READ_DAILY) == actor.places:
        return every
    visible = Record.objects.visible_to(actor, permission=Permission.READ_DAILY, today=request.today)
    return set(visible.filter(pk__in=every).values_list("pk", flat=True))


def _tile(record: Any, vigilances: list[Vigilance]) -> dict[str, Any]:
    person = record.person
    return {
        "id": record.pk,
        "name": f"{person.usual_first_name} {person.usual_name}",
        "initials": initials(person.usual_name, person.usual_first_name),
        "small": f"Chambre {record.room}" if record.room else (record.unit.name if record.unit else ""),
        "born": born(person),
        "died": death(person),
        "status": person.identity_status,
        "vigilances": [vigilance_badge(one) for one in vigilances],
        "why": getattr(record, "why", ""),
    }
