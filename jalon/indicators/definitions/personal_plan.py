"""I2: a personalised project in preparation or running, of the active records."""

from jalon.db.past import as_of, ids
from jalon.indicators.definitions.definition import Counted, Definition
from jalon.indicators.definitions.records import active
from jalon.indicators.rules import Measure
from jalon.plans.models import PersonalPlan, PlanStatus

LIVE = (PlanStatus.PREPARATION, PlanStatus.RUNNING)


def count(measure: Measure) -> Counted:
    """Active records with a plan in preparation or running, as it stood at the end of the month."""
    among = active(measure)
    plans = as_of(PersonalPlan, measure.state_at).filter(status__in=LIVE)
    return Counted(among, among.filter(id__in=ids(plans, "record_id")))


DEFINITION = Definition(
    "I2",
    "Projet personnalisé",
    "dossiers actifs avec un projet en préparation ou actif",
    "dossiers actifs",
    90,
    "Ouvrir un projet personnalisé.",
    count,
)
