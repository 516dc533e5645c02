"""The relève: what was told since the last service."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from jalon.faces.http import Request, shows
from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room, Waiting
from jalon.web.shown.notes import recent


def waiting(request: Request) -> Iterator[Waiting]:
    """What this professional has not read since their last passage."""
    unread = [note for note in recent(request, timezone.now()) if not note["is_read"]]
    important = [note for note in unread if note["important"]]
    first = important[0]["title"] or "à lire" if important else ""
    shows(request, [note["record_id"] for note in important[:1]])  # its title is read there
    if unread:
        yield Waiting(
            title=f"{_counted(len(unread), 'transmission')} depuis votre dernier passage",
            detail=f"{_counted(len(important), 'importante')} : {first}" if important else "",
            verb="Lire la relève",
            address=reverse("handover:list"),
            icon="messages-square",
            tone="alerte" if important else "info",
        )


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


AREA = Area(
    name="handover",
    prefix="releve/",
    permissions=(Permission.READ_NOTES, Permission.READ_HEALTH_NOTES, Permission.WRITE_NOTE),
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
