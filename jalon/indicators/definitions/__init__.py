"""The five usage indicators of the ESMS numérique programme (S001).

What the programme leaves open is written here as the default this version takes (A9: an event counts in the
month it is dated; A10: an opposition does not leave the denominator, and is shown apart), with its version.
A note or a document that was withdrawn is no writing (since 2026-12.2).
"""

from typing import Final

from jalon.indicators.definitions import active_records, agenda_event, personal_plan, sendings
from jalon.indicators.definitions.definition import Definition, Figure

VERSION: Final = "2026-12.2"
DEFINITIONS: Final = (
    active_records.DEFINITION,
    personal_plan.DEFINITION,
    agenda_event.DEFINITION,
    sendings.MAIL,
    sendings.DMP,
)

__all__ = ["DEFINITIONS", "VERSION", "Definition", "Figure"]
