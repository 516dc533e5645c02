"""I3: an event of the agenda, of the active records."""

from jalon.agenda.models import EventStatus
from jalon.db.past import ids
from jalon.indicators.definitions.definition import Counted, Definition
from jalon.indicators.definitions.records import active, dated_events
from jalon.indicators.rules import Measure


def count(measure: Measure) -> Counted:
    """Active records with an event dated in the month and not cancelled; presence is not asked."""
    among = active(measure)
    held = dated_events(measure).exclude(status=EventStatus.CANCELLED)
    return Counted(among, among.filter(id__in=ids(held, "record_id")))


DEFINITION = Definition(
    "I3",
    "Événement d’agenda",
    "dossiers actifs avec au moins un événement du mois",
    "dossiers actifs",
    90,
    "Ajouter un rendez-vous ou une activité.",
    count,
)
