"""The relève: what was told since the last service."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jalon.care.queries import counts_of, in_order
from jalon.faces.http import Request, shows
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room, Waiting
from jalon.web.shown.notes import recent, since_last


def waiting(request: Request) -> Iterator[Waiting]:
    """What this professional has not read since their last passage."""
    if request.actor is None:
        return
    found = recent(request, request.actor, since_last(request, timezone.now()))
    counts = counts_of(found, Q())
    first = _first_important(request, found) if counts["unread_important"] else ""
    if unread := counts["unread"]:
        yield Waiting(
            title=f"{_counted(unread, 'transmission')} depuis votre dernier passage",
            detail=f"{_counted(counts['unread_important'], 'importante')} : {first}" if first else "",
            verb="Lire la relève",
            address=reverse("handover:list"),
            icon="messages-square",
            tone="alerte" if first else "info",
        )


def _first_important(request: Request, found: QuerySet[Any]) -> str:
    """The title of the first, which is read on the page."""
    note = in_order(found.filter(is_read=False, important=True)).first()
    shows(request, [note["record_id"]] if note else [])
    return (note["title"] if note else "") or "à lire"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


AREA = Area(
    name="handover",
    prefix="releve/",
    permissions=(
        Permission.READ_NOTES,
        Permission.READ_HEALTH_NOTES,
        Permission.WRITE_NOTE,
        Permission.WRITE_NEWS,
    ),
    seen={
        "task-add": "Tâche, à demander",
        "task-cancel": "Tâche, annulée",
        "task-take": "Tâche, prise en charge",
        "task-hand-back": "Tâche, rendue à l’équipe",
        "task-done": "Tâche, faite",
        "task-reopen": "Tâche, encore à faire",
    },
    room=Room(
        label="Relève",
        icon="messages-square",
        url="handover:list",
        permission=Permission.READ_NOTES,
        family=Family.DAILY,
        rank=20,
        about="Depuis mon dernier passage",
        roles=frozenset(
            {
                Role.NURSE,
                Role.CARE_WORKER,
                Role.EDUCATOR,
                Role.PSYCHOLOGIST,
                Role.PHYSICIAN,
                Role.TEAM_LEAD,
            }
        ),
    ),
    waiting=waiting,
)
