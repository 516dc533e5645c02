"""Who opens a record, why, and what is asked when it is not open; who opened it."""

import uuid
from collections.abc import Iterator

from django.urls import reverse

from jalon.core.dates import day_label
from jalon.faces.http import Request, shows
from jalon.records.asked import opened
from jalon.records.openings import EMERGENCY
from jalon.records.waits import Wait, Waits, waits
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Group, Room, Tab, Waiting


def waiting(request: Request) -> Iterator[Waiting]:
    """Emergencies to review and requests to answer, for whoever keeps the door; answers, for whoever asked;
    rights to read again."""
    actor = request.actor
    if actor is None:
        return
    found = waits(actor, whole_houses(actor), now=request.moment.now, today=request.today)
    here = opened(actor, found, request.today)
    for one in found:
        if one.kind != Wait.ANSWER:
            yield _to_do(one)
        elif not one.given:
            yield _answered(one, request, f"Refusé par {one.who} : {one.words}")
        elif one.record_id in here:
            shows(request, [one.record_id])
            yield _answered(one, request, f"Accordé par {one.who}")


def whole_houses(actor: Actor) -> set[uuid.UUID]:
    """The establishments whose rights this professional reads again."""
    places = actor.places_with(Permission.REVIEW_RIGHTS)
    return {place.establishment_id for place in places if place.unit_id is None}


def _to_do(one: Waits) -> Waiting:
    if one.kind == Wait.EMERGENCY:
        address = reverse("accesses:review", args=[one.id])
        title = f"{one.who} a ouvert un dossier en urgence"
        return Waiting(title, one.words, "Relire", address, "key-round", "danger")
    if one.kind == Wait.REQUEST:
        address = reverse("accesses:answer", args=[one.id])
        return Waiting(f"{one.who} demande un dossier", one.words, "Répondre", address, "key-round", "alerte")
    address, said = reverse("accesses:yearly", args=[one.id]), "Aucune revue signée depuis un an."
    return Waiting(f"Droits à relire, {one.words}", said, "Relire les droits", address, "key-round", "info")


def _answered(one: Waits, request: Request, said: str) -> Waiting:
    """What was answered to whoever asked: to the record as long as it is open, else to what they asked."""
    asked = request.actor.moment(one.at).today if request.actor and one.at else request.today
    title = f"Dossier demandé {day_label(asked, request.today)}"
    if not one.given:
        return Waiting(title, said, "Voir", reverse("accesses:index"), "lock", "alerte")
    address = reverse("records:summary", args=[one.record_id])
    return Waiting(title, said, "Ouvrir le dossier", address, "key-round", "ok")


AREA = Area(
    name="accesses",
    prefix="droits/",
    permissions=(
        Permission.ENTER,
        Permission.OPEN_RECORD,
        Permission.READ_ACCESSES,
        Permission.GRANT_ACCESS,
        Permission.BREAK_GLASS,
        Permission.SIMULATE_RIGHTS,
        Permission.REVIEW_RIGHTS,
    ),
    room=Room(
        label="Droits",
        icon="key-round",
        url="accesses:index",
        permission=Permission.ENTER,
        family=Family.STEER,
        rank=180,
        about="Ce que je vois et pourquoi, demandes d’accès",
        roles=frozenset({Role.DPO}),
    ),
    tabs=(
        Tab(Group.ACCESSES, "Accès au dossier", "accesses", Permission.READ_ACCESSES),
        Tab(Group.ACCESSES, "Pourquoi je vois", "why", Permission.OPEN_RECORD, rank=2),
    ),
    seen={"grant": "Dossier ouvert à quelqu’un", "grant-end": "Dossier ouvert à quelqu’un, repris"},
    settings=(EMERGENCY,),
    waiting=waiting,
)
