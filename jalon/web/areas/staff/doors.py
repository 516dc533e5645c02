"""What happened at the door to somebody's account, in words, for whoever keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jalon.audit.models import Entry
from jalon.audit.queries import acts_on
from jalon.staff.models import Account

SHOWN = 20
WAYS = {
    "password": "mot de passe",
    "mfa": "second facteur",
    "socialaccount": "Pro Santé Connect",
}
STEPS = {
    "password": "mot de passe",
    "totp": "code de l’application",
    "recovery_codes": "code de secours",
    "webauthn": "clé",
    "e-cps": "e‑CPS du téléphone, non confirmée",
}
ACTS = {
    "account.left": "Sortie",
    "account.password_changed": "Mot de passe changé",
    "account.factor_added": "Second facteur ajouté",
    "account.factor_removed": "Second facteur retiré",
    "account.factor_reset": "Codes de secours refaits",
}


@dataclass(frozen=True)
class Passage:
    """One line: when, what, and whether it was without a Pro Santé Connect that did not answer."""

    at: datetime
    said: str
    aside: bool


def passages(account: Account | None) -> list[Passage]:
    """The latest first; nothing for somebody without an account."""
    entries = acts_on(account.pk, "account")[:SHOWN] if account else ()
    return [Passage(entry.at, said, "aside" in entry.facts) for entry in entries for said in _said(entry)]


def _said(entry: Entry) -> Iterator[str]:
    """The words of an act of the door; nothing for another act."""
    if entry.action == "account.entered":
        ways = ", ".join(_ways(entry))
        yield f"Entrée\u00a0: {ways}" if ways else "Entrée"
    elif entry.action == "account.refused":
        step = entry.facts["step"]
        yield f"Essai refusé\u00a0: {STEPS.get(step, step)}"
    elif entry.action in ACTS:
        yield ACTS[entry.action]


def _ways(entry: Entry) -> Iterator[str]:
    for way in entry.facts["ways"]:
        yield WAYS.get(way, way)
    if entry.facts.get("telephone"):
        yield "avec l’e‑CPS du téléphone"
