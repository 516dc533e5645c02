"""Who opens a record, why, and what is asked when it is not open; who opened it."""

import uuid
from collections.abc import Iterator

from django.urls import reverse

from jalon.core.dates import day_label
from jalon.faces.http import Request, shows
from jalon.records.asked import just_answered, opened, to_answer, to_review
from jalon.records.openings import EMERGENCY
from jalon.records.yearly import overdue
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Group, Room, Tab, Waiting


def waiting(request: Request) -> Iterator[Waiting]:
    """Emergencies to review, requests to answer, for whoever keeps the door; answers, for whoever asked."""
    if request.actor is None:
        return
    if request.actor.may(Permission.GRANT_ACCESS):
        for one in to_review(request.actor, request.today):
            address = reverse("accesses:review", args=[one.pk])
            title = f"{one.professional} a ouvert un dossier en urgence"
            yield Waiting(title, one.reason, "Relire", address, "key-round", "danger")
        for asked in to_answer(request.actor, request.today):
            address = reverse("accesses:answer", args=[asked.pk])
            title = f"{asked.professional} demande un dossier"
            yield Waiting(title, asked.reason, "Répondre", address, "key-round", "alerte")
    yield from _answers(request, request.actor)
    houses = whole_houses(request.actor)
    for house in overdue(houses, request.moment.now) if houses else ():
        address = reverse("accesses:yearly", args=[house.pk])
        said = "Aucune revue signée depuis un an."
        yield Waiting(
            f"Droits à relire, {house.name}", said, "Relire les droits", address, "key-round", "info"
        )


def whole_houses(actor: Actor) -> set[uuid.UUID]:
    """The establishments whose rights this professional reads again."""
    places = actor.places_with(Permission.REVIEW_RIGHTS)
    return {place.establishment_id for place in places if place.unit_id is None}


def _answers(request: Request, actor: Actor) -> Iterator[Waiting]:
    """What was answered these days to whoever asked; a record that is open, as long as it is."""
    found = list(just_answered(actor.professional, request.moment.now))
    here = opened(actor, found, request.today)
    for one in found:
        title = f"Dossier demandé {day_label(actor.moment(one.asked_at).today, request.today)}"
        if not one.given:
            said = f"Refusé par {one.answered_by} : {one.answer}"
            yield Waiting(title, said, "Voir", reverse("accesses:index"), "lock", "alerte")
        elif one.record_id in here:
            shows(request, [one.record_id])
            address = reverse("records:summary", args=[one.record_id])
            yield Waiting(
                title, f"Accordé par {one.answered_by}", "Ouvrir le dossier", address, "key-round", "ok"
            )


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
