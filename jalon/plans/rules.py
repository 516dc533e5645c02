"""When a plan may move, be signed, is due. Pure."""

import datetime as dt
from typing import Final

# From → to: preparation, in progress, pause, ended (JDV_J281). A plan that ended is not taken up again: a new
# one is opened, which may start from it.
TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    "ENPREPARATION": frozenset({"ENCOURS"}),
    "ENCOURS": frozenset({"ENPAUSE", "TERMINE"}),
    "ENPAUSE": frozenset({"ENCOURS", "TERMINE"}),
    "TERMINE": frozenset(),
}
REVIEW_EVERY: Final = dt.timedelta(days=365)  # at least yearly (CASF D.311, V)


def may_move(current: str, wanted: str) -> bool:
    """May a plan go from one status to the other?"""
    return wanted in TRANSITIONS.get(current, frozenset())


def missing_to_sign(*, goals: int, expectations: int, person_agreed: bool, ended: bool) -> list[str]:
    """What a plan still lacks to be signed, in French; empty when nothing.

    A plan says what the person expects, aims at something, and carries the person's own agreement or that of
    the representative (CASF L.311-3, 7°; SC.DUI project).
    """
    lacks = []
    if ended:
        lacks.append("le projet est terminé")
    if not expectations:
        lacks.append("aucune attente n’est notée")
    if not goals:
        lacks.append("aucun objectif n’est fixé")
    if not person_agreed:
        lacks.append("l’accord de la personne ou de son représentant n’est pas recueilli")
    return lacks


def review_due(signed_on: dt.date, days: int = REVIEW_EVERY.days) -> dt.date:
    """When a plan signed that day is to be reviewed at the latest."""
    return signed_on + dt.timedelta(days=min(days, REVIEW_EVERY.days))
