"""The mailbox of the establishment."""

import uuid
from collections.abc import Iterator

from django.urls import reverse

from jalon.exchange.models import ReceptionState
from jalon.exchange.queries import FAILING, TASKS, failing_rounds, how_many_to_check, pending_receptions
from jalon.faces.http import Request
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room, Waiting
from jalon.web.place import sight_here


def to_match(request: Request) -> dict[uuid.UUID, int]:
    """How many messages wait for this person, of each house whose mailbox they sort."""
    return _pending(request)[ReceptionState.TO_MATCH]


def _pending(request: Request) -> dict[str, dict[uuid.UUID, int]]:
    """What waits in the mailboxes that they sort, by state; asked once a page."""
    known: dict[str, dict[uuid.UUID, int]] | None = getattr(request, "pending", None)
    if known is None:
        places = request.actor.places_with(Permission.MATCH_RECEPTION) if request.actor else ()
        known = request.pending = pending_receptions({place.establishment_id for place in places})
    return known


def waiting(request: Request) -> Iterator[Waiting]:
    """Messages to match, house by house, and deliveries that only a person can decide."""
    actor, inbox = request.actor, reverse("exchange:inbox")
    if actor is None:
        return
    for house, count in to_match(request).items():
        title = f"{count} message{'s' if count > 1 else ''} à rapprocher, {actor.houses[house].place}"
        said = "Le logiciel n’a pas osé choisir la personne."
        yield Waiting(title, said, "Rapprocher", f"{inbox}?maison={house}", "inbox", "alerte")
    yield from stopped(request)
    here = sight_here(request, Permission.SEND_DOCUMENT)
    if count := how_many_to_check(here, actor.reads_wherever(Permission.SEND_DOCUMENT)):
        title = f"{count} envoi{'s' if count > 1 else ''} à vérifier"
        said = "On ne sait pas si le destinataire l’a reçu."
        yield Waiting(title, said, "Vérifier", inbox, "send", "alerte")


def stopped(request: Request) -> Iterator[Waiting]:
    """What stopped by itself: messages that could not be read, mailboxes and periodic work that fail."""
    actor, inbox = request.actor, reverse("exchange:inbox")
    places = actor.places_with(Permission.MATCH_RECEPTION) if actor else ()
    houses = {place.establishment_id for place in places}
    if actor is None or not houses:
        return
    for house, count in _pending(request)[ReceptionState.REJECTED].items():
        title = f"{count} message{'s' if count > 1 else ''} mis de côté, {actor.houses[house].place}"
        said = "Le logiciel n’a pas pu les lire."
        yield Waiting(title, said, "Traiter", f"{inbox}?maison={house}", "file-warning", "alerte")
    failing = _pending(request)[FAILING]
    for one in failing_rounds(failing) if failing else ():
        title = f"Boîte en panne, {one.establishment}"
        yield Waiting(
            title, one.reason, "Voir", f"{inbox}?maison={one.establishment_id}", "circle-alert", "alerte"
        )
    if _pending(request)[TASKS]:
        said = "Prévenez l’administrateur : ce qui devait partir ou être relevé peut attendre."
        yield Waiting(
            "Une tâche automatique échoue", said, "Voir la messagerie", inbox, "circle-alert", "alerte"
        )


AREA = Area(
    name="exchange",
    prefix="messagerie/",
    permissions=(Permission.MATCH_RECEPTION, Permission.OPEN_RECEPTION),
    room=Room(
        label="Messagerie",
        icon="inbox",
        url="exchange:inbox",
        permission=Permission.MATCH_RECEPTION,
        family=Family.EXCHANGE,
        rank=120,
        about="Documents reçus, envois à vérifier",
        roles=frozenset({Role.NURSE, Role.PHYSICIAN, Role.SECRETARY, Role.IDENTITY_OFFICER}),
        count=lambda request: sum(to_match(request).values()),
    ),
    waiting=waiting,
)
