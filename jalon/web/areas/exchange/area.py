"""The mailbox of the establishment."""

from collections.abc import Iterator

from django.urls import reverse

from jalon.exchange.queries import to_check, waiting_receptions
from jalon.faces.http import Request
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room, Waiting
from jalon.web.place import scope_of


def to_match(request: Request) -> int:
    """Messages of the chosen place that wait for a person."""
    return waiting_receptions(scope_of(request).establishment_ids)


def waiting(request: Request) -> Iterator[Waiting]:
    """Messages to match, and deliveries that only a person can decide."""
    inbox = reverse("exchange:inbox")
    if count := to_match(request):
        title = f"{count} message{'s' if count > 1 else ''} à rapprocher"
        said = "Le logiciel n’a pas osé choisir la personne."
        yield Waiting(title, said, "Rapprocher", inbox, "inbox", "alerte")
    if count := len(to_check(scope_of(request).establishment_ids)):
        title = f"{count} envoi{'s' if count > 1 else ''} à vérifier"
        said = "On ne sait pas si le destinataire l’a reçu."
        yield Waiting(title, said, "Vérifier", inbox, "send", "alerte")


AREA = Area(
    name="exchange",
    prefix="messagerie/",
    permissions=(Permission.MATCH_RECEPTION,),
    room=Room(
        label="Messagerie",
        icon="inbox",
        url="exchange:inbox",
        permission=Permission.MATCH_RECEPTION,
        family=Family.EXCHANGE,
        rank=120,
        about="Documents reçus, envois à vérifier",
        roles=frozenset({Role.NURSE, Role.PHYSICIAN, Role.SECRETARY, Role.IDENTITY_OFFICER}),
        count=to_match,
    ),
    waiting=waiting,
)
