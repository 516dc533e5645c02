"""The five usage indicators of the ESMS numérique programme (CNSA): code, words, target. Pure.

What the programme leaves open is written here as the default this version takes (an event counts in the month
it is dated; an opposition does not leave the denominator), with its version.
"""

import uuid
from dataclasses import dataclass
from typing import Final

VERSION: Final = "2026-11"


@dataclass(frozen=True)
class Definition:
    """An indicator: its official code, what it counts, and the rate to reach in percent."""

    code: str
    name: str
    numerator: str
    denominator: str
    target: int
    to_do: str


DEFINITIONS: Final = (
    Definition("I1", "Dossiers actifs", "dossiers actifs", "personnes accompagnées", 90,
               "Écrire une transmission, un événement ou un projet dans le dossier."),
    Definition("I2", "Projet personnalisé",
               "dossiers actifs avec un projet en préparation ou actif", "dossiers actifs", 90,
               "Ouvrir un projet personnalisé."),
    Definition("I3", "Événement d’agenda",
               "dossiers actifs avec au moins un événement du mois", "dossiers actifs", 90,
               "Ajouter un rendez-vous ou une activité."),
    Definition("I4", "Messagerie sécurisée",
               "messages envoyés par MSSanté", "personnes pouvant bénéficier d’un projet", 70,
               "Envoyer le projet signé dans Mon espace santé."),
    Definition("I5", "DMP alimentés",
               "personnes dont le DMP a reçu au moins un document",
               "personnes pouvant bénéficier d’un projet", 70,
               "Envoyer le projet signé au DMP."),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One indicator counted: exact numbers, and the records counted and missing."""

    definition: Definition
    numerator: int
    denominator: int
    counted: tuple[uuid.UUID, ...]
    missing: tuple[uuid.UUID, ...]

    @property
    def reached(self) -> bool | None:
        """Target reached? On the exact fraction, never on the rounded rate; None when not measurable."""
        if self.denominator == 0:
            return None
        return self.numerator * 100 >= self.definition.target * self.denominator

    @property
    def rate(self) -> str:
        """The rate as people read it, rounded down to a tenth: it never shows a target not reached."""
        if self.denominator == 0:
            return "non mesurable"
        tenths = self.numerator * 1000 // self.denominator
        return f"{tenths // 10},{tenths % 10} %"
