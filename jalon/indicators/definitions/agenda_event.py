"""I3: an event of the agenda, of the active records."""

from typing import Any

from jalon.agenda.models import EventStatus
from jalon.db.probing import some
from jalon.indicators.definitions.definition import Definition
from jalon.indicators.definitions.records import active, dated_events
from jalon.indicators.rules import Measure


def held(measure: Measure) -> Any:
    """Is an event dated in the month and not cancelled? Presence is not asked."""
    return some(dated_events(measure).exclude(status=EventStatus.CANCELLED))


DEFINITION = Definition(
    "I3",
    "Événement d’agenda",
    "dossiers actifs avec au moins un événement du mois",
    "dossiers actifs",
    90,
    "Ajouter un rendez-vous ou une activité.",
    counted=held,
    among=active,
)
