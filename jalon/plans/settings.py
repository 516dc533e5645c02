"""What an establishment may set of the personalised project."""

from typing import Final

from jalon.organizations.settings import BODY, HOUSE, Number, Setting

REVIEW_DAYS: Final = Setting(
    "plans.review_days",
    "Délai avant le bilan du projet",
    Number(30, 365, "jours"),
    365,
    "À compter de la signature ; un an au plus (CASF D.311).",
    group="Périodes",
    levels=(BODY, HOUSE),
)
