"""What may leave, how sure a received document's owner is, and where a delivery or a message may go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# --- states -------------------------------------------------------------------------------------------------
#
# A delivery, from what it is to what it may become; "" is one that is being asked for.
#
#   prepared   nothing left, a job will try. Only an attempt, or the discovery that it may not leave any more,
#              brings it further; a receipt that comes all the same knows better than us.
#   attempted  an attempt began, and the receiver may have the content: the only state from which everything
#              is possible, since the answer may have been lost. Back to prepared: nothing had left.
#   sent       the receiver took it; it says later that it has it (acknowledged), or gives it back (refused).
#   acknowledged, refused, to_check
#              the end, but a person may ask again for what was refused or is unsure, and a late receipt
#              tells what really happened: it is believed against our doubt, a bounce against an answer.
#
# A state that stays the same is no move. The database refuses every other change (`Delivery.Meta.triggers`).
DELIVERY: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"prepared", "refused"}),
    "prepared": frozenset({"attempted", "acknowledged", "refused"}),
    "attempted": frozenset({"prepared", "sent", "acknowledged", "refused", "to_check"}),
    "sent": frozenset({"acknowledged", "refused"}),
    "acknowledged": frozenset({"refused"}),
    "refused": frozenset({"prepared", "acknowledged"}),
    "to_check": frozenset({"prepared", "sent", "acknowledged", "refused"}),
}
# A received message: kept raw, then read. What the software settles alone is filed, rejected or set aside at
# once; what it is not sure of waits (to_match) until a person files it or sets it aside. What was done there
# by mistake, a person takes back: the message waits again. What was rejected, a person has read once more
# (stored), or has dealt with (set aside).
RECEPTION: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"stored"}),
    "stored": frozenset({"to_match", "filed", "rejected", "set_aside"}),
    "to_match": frozenset({"filed", "set_aside"}),
    "filed": frozenset({"to_match"}),
    "rejected": frozenset({"stored", "set_aside"}),
    "set_aside": frozenset({"to_match"}),
}
# A look-up of an INS: asked, then answered by the service, or failed. Whoever wants to know more asks again.
LOOK_UP: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"asked"}),
    "asked": frozenset({"answered", "failed"}),
    "answered": frozenset(),
    "failed": frozenset(),
}


def may_move(table: Mapping[str, frozenset[str]], current: str, wanted: str) -> bool:
    """May something in this state come to that one?"""
    return wanted in table[current] or (wanted == current and current != "")


def moves(table: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Every (from, to) of what exists: for the database, which refuses all the others."""
    return [(current, wanted) for current in table if current for wanted in sorted(table[current])]


# --- sending ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sending:
    """What the decision to send depends on."""

    of_ours: bool  # of a type that we write, and that may leave (JDV_J66)
    qualified: bool
    doubtful: bool
    opposed: bool
    connected: bool
    has_clinical_document: bool
    names_the_person: bool


def refusal(sending: Sending) -> str | None:
    """Why this document may not leave, in French; None when it may.

    Only a qualified identity carries the INS outside (SC.INS/va1.53); an opposition stops the feed
    (SC.DMP/CONF.09, MSS/va1.20). A document written before the INS was known names nobody to a service.
    """
    reasons = (
        (sending.doubtful, "L’identité est douteuse : levez le doute avant tout envoi."),
        (
            not sending.qualified,
            "L’identité n’est pas qualifiée : récupérez l’INS et notez la pièce d’identité vue.",
        ),
        (sending.opposed, "La personne s’y oppose. Son choix est noté dans son dossier."),
        (not sending.of_ours, "Ce type de document ne s’envoie pas par ce service."),
        (not sending.has_clinical_document, "Ce document n’a pas de version clinique (CDA) à envoyer."),
        (
            not sending.names_the_person,
            "Ce document ne porte pas l’INS de la personne : il date d’avant sa qualification. "
            "Signez une nouvelle version.",
        ),
        (not sending.connected, "Le service n’est pas connecté : demandez à l’administrateur."),
    )
    return next((reason for holds, reason in reasons if holds), None)


# --- receiving ----------------------------------------------------------------------------------------------


class Match(StrEnum):
    """How sure we are of whose document this is."""

    CERTAIN = "certain"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Claim:
    """What a received message says of its person, against what we know of the one of the same INS."""

    same_ins: bool
    qualified_here: bool
    qualified_there: bool
    differing: tuple[str, ...]
    one_person_in_message: bool
    lookalikes: int


def match(claim: Claim) -> tuple[Match, str]:
    """The verdict and its reason.

    Filed by itself: same INS, qualified on both sides, agreeing traits, one person in the message
    (SC.MSS/UX.07). Anything else waits for a person (UX.09).
    """
    if not claim.one_person_in_message:
        return Match.UNKNOWN, "Le message parle de plusieurs personnes."
    both = claim.qualified_here and claim.qualified_there
    if claim.same_ins and both and not claim.differing:
        return Match.CERTAIN, "Même INS, traits concordants, identité qualifiée."
    if claim.same_ins and claim.differing:
        return Match.PROPOSED, f"Même INS, mais des traits diffèrent : {', '.join(claim.differing)}."
    if claim.same_ins and not claim.qualified_here:
        return Match.PROPOSED, "Même INS, mais l’identité n’est pas qualifiée ici."
    if claim.same_ins:
        return Match.PROPOSED, "Même INS, mais l’identité n’est pas qualifiée chez l’expéditeur."
    if claim.lookalikes:
        return Match.PROPOSED, "Des traits ressemblent à ceux d’une personne connue."
    return Match.UNKNOWN, "Aucune personne connue ne correspond."


# --- after a cut --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recovery:
    """What is known of an attempt that was cut."""

    content_left: bool
    found_at_receiver: bool | None
    waited_enough: bool
    synchronous: bool


class Next(StrEnum):
    """What becomes of a delivery whose last attempt has no known end."""

    SEND = "send"
    SENT = "sent"
    ASK_LATER = "ask_later"
    TO_CHECK = "to_check"
    REFUSED = "refused"


def recover(seen: Recovery) -> Next:
    """What to do after a cut. Never send a second time what the receiver may have.

    `found_at_receiver`: the answer of the operator's Sent mailbox or of the DMP reference look-up, None when
    it could not be asked. Mail is not synchronous (the copy in Sent may still be on its way), so an absence
    there never proves that nothing was received: a person checks.
    """
    if not seen.content_left:
        return Next.SEND
    if seen.found_at_receiver:
        return Next.SENT
    if seen.found_at_receiver is None or not seen.waited_enough:
        return Next.TO_CHECK if seen.waited_enough else Next.ASK_LATER
    return Next.SEND if seen.synchronous else Next.TO_CHECK


def orphaned(*, job_failed: bool, content_left: bool) -> Next:
    """What becomes of a delivery under way that no job will take up any more.

    A job lost (a queue emptied by hand) is asked again. A job that failed at each of its tries is a fault of
    ours: more tries would hide it, so a person sees it, as refused when nothing had left.
    """
    if not job_failed:
        return Next.SEND
    return Next.TO_CHECK if content_left else Next.REFUSED
