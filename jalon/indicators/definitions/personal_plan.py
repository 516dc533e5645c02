"""I2: a personalised project in preparation or running, of the active records."""

from typing import Any

from jalon.db.past import as_of
from jalon.db.probing import some
from jalon.indicators.definitions.definition import Definition
from jalon.indicators.definitions.records import RECORD, active
from jalon.indicators.rules import Measure
from jalon.plans.models import PersonalPlan, PlanStatus

LIVE = (PlanStatus.PREPARATION, PlanStatus.RUNNING)


def planned(measure: Measure) -> Any:
    """Is there a plan in preparation or running, as it stood at the end of the month?"""
    return some(as_of(PersonalPlan, measure.state_at).filter(record_id=RECORD, status__in=LIVE))


DEFINITION = Definition(
    "I2",
    "Projet personnalisé",
    "dossiers actifs avec un projet en préparation ou actif",
    "dossiers actifs",
    90,
    "Ouvrir un projet personnalisé.",
    counted=planned,
    among=active,
)
