"""One tile a person, as lists show people."""

from typing import Any

from jalon.core.names import initials
from jalon.people.models import Vigilance
from jalon.people.queries import vigilances_of
from jalon.web.shown.person import VIGILANCE_ICONS


def tiles(records: list[Any]) -> list[dict[str, Any]]:
    """One tile per person: name, room, the vigilance that comes first."""
    found = vigilances_of([record.person_id for record in records])
    return [_tile(record, next(iter(found[record.person_id]), None)) for record in records]


def _tile(record: Any, vigilance: Vigilance | None) -> dict[str, Any]:
    person = record.person
    tone, icon = VIGILANCE_ICONS[vigilance.kind] if vigilance else ("", "")
    return {
        "id": record.pk,
        "name": f"{person.usual_first_name} {person.usual_name}",
        "initials": initials(person.usual_name, person.usual_first_name),
        "small": f"Chambre {record.room}" if record.room else (record.unit.name if record.unit else ""),
        "status": person.identity_status,
        "vigilance": vigilance.text if vigilance else "",
        "tone": tone,
        "icon": icon,
    }
