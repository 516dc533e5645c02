"""The relève: what was told in the last day, by person, then by importance."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from jalon.care import actions as care
from jalon.care.models import HandoverNote
from jalon.core.names import familiar_name, initials
from jalon.faces.http import Request, shows
from jalon.faces.jinja import FAMILY_ICONS
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import scope_of
from jalon.web.shown.notes import may_read, recent


class Notes(ProfessionalView):
    """What the views of the relève share: the notes of the chosen place."""

    permission = Permission.READ_NOTES

    def notes(self) -> list[dict[str, Any]]:
        return recent(self.request, self.request.moment.now)


class Handover(Notes):
    """The page."""

    def get(self, request: Request) -> HttpResponse:
        notes, show = self.notes(), request.GET.get("voir", "")
        kept = [note for note in notes if _wanted(note, show)]
        shows(request, {note["record_id"] for note in kept})
        context = {
            "scope": scope_of(request),
            "people": _by_person(kept),
            "count": len(notes),
            "unread": sum(not note["is_read"] for note in notes),
            "show": show,
        }
        return render(request, "handover/list.html", context, using="jinja2")


def _wanted(note: dict[str, Any], show: str) -> bool:
    if show == "toutes":
        return True
    return bool(note["important"]) if show == "importantes" else not note["is_read"]


def _by_person(notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        _person(record_id, list(group))
        for record_id, group in groupby(notes, key=lambda note: note["record_id"])
    ]


def _person(record_id: Any, notes: list[dict[str, Any]]) -> dict[str, Any]:
    first = notes[0]
    last_name = first["record__person__used_name"] or first["record__person__birth_name"]
    first_name = familiar_name(first["record__person__first_name"], first["record__person__used_first_name"])
    room = first["record__room"]
    return {
        "id": record_id,
        "name": f"{first_name} {last_name}",
        "initials": initials(last_name, first_name),
        "small": f"Chambre {room}" if room else "",
        "notes": [{**note, "icon": FAMILY_ICONS[note["family"]], "author": _author(note)} for note in notes],
    }


def _author(note: dict[str, Any]) -> str:
    return f"{note['author__first_name']} {note['author__last_name']}"


class MarkRead(Notes):
    """I have read this note."""

    def post(self, request: Request, note_id: Any) -> HttpResponse:
        note = HandoverNote.objects.filter(pk=note_id).first()
        if note is None or not may_read(request, note):
            self.refuse("Cette transmission ne vous est pas ouverte.")
        care.acknowledge(note=note, by=self.actor.professional, now=self.request.moment.now)
        return redirect("handover:list")


class MarkAllRead(Notes):
    """I have read everything that is shown."""

    def post(self, request: Request) -> HttpResponse:
        unread = [note["id"] for note in self.notes() if not note["is_read"]]
        for note in HandoverNote.objects.filter(pk__in=unread):
            care.acknowledge(note=note, by=self.actor.professional, now=self.request.moment.now)
        return redirect("handover:list")
