"""The relève: what was told since the last service."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from jalon.care.told import WEIGHTY
from jalon.faces.http import Request, shows
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room, Waiting
from jalon.web.shown.notes import recent, since_last


def waiting(request: Request) -> Iterator[Waiting]:
    """What this professional has not read since their last passage."""
    if request.actor is None:
        return
    weighty = recent(request, request.actor, since_last(request, timezone.now()), kept=WEIGHTY)
    first = weighty[:1]
    if unread := weighty.counts["unread"]:
        shows(request, [note["record_id"] for note in first])
        title = first[0]["title"] or "à lire" if first else ""
        yield Waiting(
            title=f"{_counted(unread, 'transmission')} depuis votre dernier passage",
            detail=f"{_counted(len(weighty), 'importante')} : {title}" if first else "",
            verb="Lire la relève",
            address=reverse("handover:list"),
            icon="messages-square",
            tone="alerte" if first else "info",
        )


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


AREA = Area(
    name="handover",
    prefix="releve/",
    permissions=(
        Permission.READ_NOTES,
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
                Role.AES,
                Role.OUTSIDE_PRESCRIBER,
                Role.PHARMACIST,
                Role.DIETICIAN,
                Role.EDUCATOR,
                Role.PSYCHOLOGIST,
                Role.PHYSICIAN,
                Role.TEAM_LEAD,
            }
        ),
    ),
    waiting=waiting,
)
