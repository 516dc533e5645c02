"""I1: records in use, of the people supported."""

from jalon.indicators.definitions.definition import Definition
from jalon.indicators.definitions.records import active

DEFINITION = Definition(
    "I1",
    "Dossiers actifs",
    "dossiers actifs",
    "personnes accompagnées",
    90,
    "Écrire une transmission, un événement ou un projet dans le dossier.",
    counted=active,
)
