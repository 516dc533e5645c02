"""I1: records in use, of the people supported."""

from jalon.indicators.definitions.definition import Counted, Definition
from jalon.indicators.definitions.records import active, supported
from jalon.indicators.rules import Measure


def count(measure: Measure) -> Counted:
    """Active records among people supported."""
    return Counted(supported(measure), active(measure))


DEFINITION = Definition(
    "I1",
    "Dossiers actifs",
    "dossiers actifs",
    "personnes accompagnées",
    90,
    "Écrire une transmission, un événement ou un projet dans le dossier.",
    count,
)
