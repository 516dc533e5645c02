"""When a plan may move, be signed, is due. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

# From → to: preparation, in progress, pause, ended (JDV_J281). A plan that ended is not taken up again: a new
# one is opened, which may start from it.
TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    "ENPREPARATION": frozenset({"ENCOURS"}),
    "ENCOURS": frozenset({"ENPAUSE", "TERMINE"}),
    "ENPAUSE": frozenset({"ENCOURS", "TERMINE"}),
    "TERMINE": frozenset(),
}
# What two versions are not compared by: where the plan stands (it moves without being written again), when it
# is due (each signature says it); a person is compared by their identifier, not by their name.
APART: Final = frozenset({"status", "review_on"})
NAMES: Final = frozenset({"responsible", "professional", "contact"})
PARTS: Final = {
    "expectations": "attente",
    "needs": "besoin",
    "goals": "objectif",
    "actions": "action",
    "agreements": "accord",
}
FEMININE: Final = frozenset({"expectations", "actions"})
REVIEW_EVERY: Final = dt.timedelta(days=365)  # at least yearly (CASF D.311, V)


def may_move(current: str, wanted: str) -> bool:
    """May a plan go from one status to the other?"""
    return wanted in TRANSITIONS.get(current, frozenset())


def missing_to_sign(*, goals: int, expectations: int, agreement: str, ended: bool, dead: bool) -> list[str]:
    """What a plan still lacks to be signed, in French; empty when nothing.

    A plan says what the person expects, aims at something, and carries the agreement of whoever the rule
    names (CASF L.311-3, 7°; SC.DUI project); `agreement`: what lacks of it, nothing when it is whole.
    Nobody agrees any more for a person who died: their project is closed as it was.
    """
    lacks = []
    if dead:
        lacks.append("la personne est décédée : son projet se clôt, il ne se signe plus")
    if ended:
        lacks.append("le projet est terminé")
    if not expectations:
        lacks.append("aucune attente n’est notée")
    if not goals:
        lacks.append("aucun objectif n’est fixé")
    if agreement:
        lacks.append(agreement[0].lower() + agreement[1:].rstrip("."))
    return lacks


def agreement_lacking(able: Sequence[str], unable: Sequence[str]) -> str:
    """Whose agreement lacks: when the person can express a will, and when they cannot, if it is others."""
    said = f"l’accord n’est pas recueilli (à demander : {' et '.join(able)}"
    if unable != able:
        said += f" ; si la personne ne peut pas exprimer sa volonté : {' et '.join(unable)}"
    return f"{said})"


def changes_between(former: dict[str, Any], present: dict[str, Any]) -> list[str]:
    """What the present content of a plan says otherwise than a signed one, in French; empty when nothing."""
    said = []
    if _own(former) != _own(present):
        said.append("le texte ou les dates du projet")
    for relation in PARTS:
        said += _changes_of(relation, former.get(relation, []), present.get(relation, []))
    return said


def _own(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in APART | PARTS.keys()}


def _changes_of(relation: str, former: list[dict[str, Any]], present: list[dict[str, Any]]) -> list[str]:
    before, now = (_by_key(parts) for parts in (former, present))
    changed = [key for key in before.keys() & now.keys() if before[key] != now[key]]
    counts = (len(now.keys() - before.keys()), len(changed), len(before.keys() - now.keys()))
    words = ("ajouté", "modifié", "retiré")
    return [_counted(relation, count, word) for count, word in zip(counts, words, strict=True) if count]


def _by_key(parts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each part by its key, but for the agreement that a signature itself gives."""
    kept = [part for part in parts if part.get("side") != "structure"]
    return {part["key"]: {name: value for name, value in part.items() if name not in NAMES} for part in kept}


def _counted(relation: str, count: int, word: str) -> str:
    many, agreed = ("s" if count > 1 else ""), ("e" if relation in FEMININE else "")
    return f"{count} {PARTS[relation]}{many} {word}{agreed}{many}"


def to_know_before_signing(*, needs: int, qualified: bool, agreed_since: bool) -> list[str]:
    """What does not forbid a signature and should be known before it, in French."""
    told = []
    if not needs:
        told.append("Aucun besoin n’est évalué : le document n’en montrera pas.")
    if not agreed_since:
        told.append(
            "L’accord de la personne date d’avant la dernière version signée. Faut-il un nouvel accord ?"
        )
    if not qualified:
        told.append(
            "L’identité n’est pas qualifiée : le document se lira ici, il ne pourra être publié ni au DMP "
            "ni dans Mon espace santé."
        )
    return told


def review_due(signed_on: dt.date, days: int = REVIEW_EVERY.days) -> dt.date:
    """When a plan signed that day is to be reviewed at the latest."""
    return signed_on + dt.timedelta(days=min(days, REVIEW_EVERY.days))
