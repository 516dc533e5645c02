"""One tile a person, as lists show people."""

from typing import Any

from jalon.core.names import initials
from jalon.people.models import Vigilance
from jalon.people.queries import vigilances_of
from jalon.web.shown.person import born, death, vigilance_badge


def tiles(records: list[Any]) -> list[dict[str, Any]]:
    """One tile per person: name, birth, death, room, and all their vigilances, the gravest first.

    `why`: of whom a search found by a near name, what is near.
    """
    found = vigilances_of([record.person_id for record in records])
    return [_tile(record, found[record.person_id]) for record in records]


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
