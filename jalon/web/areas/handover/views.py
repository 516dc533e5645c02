"""The relève: what was told since the last passage, what to know at once first."""

from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalon.care import actions as care
from jalon.care.models import HandoverNote
from jalon.care.queries import counts_of, in_order, readers_of
from jalon.care.rules import OTHER, TO_TAKE_OVER, URGENT
from jalon.core.dates import day_label
from jalon.core.errors import DomainError
from jalon.core.names import familiar_name, initials
from jalon.faces.http import Request, as_uuid, shows
from jalon.faces.jinja import FAMILY_ICONS
from jalon.faces.paging import leaf, with_asked
from jalon.faces.undo import told
from jalon.people.queries import vigilances_of
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import records_here, scope_of
from jalon.web.shown.notes import families_read, may_read, recent, since_last
from jalon.web.shown.part import part_of
from jalon.web.shown.person import VIGILANCE_ICONS

TITLES = {URGENT: "À savoir tout de suite", TO_TAKE_OVER: "À reprendre", OTHER: "Le reste"}
NOTES = 40  # of a page
WANTED = {"": Q(is_read=False), "toutes": Q(), "importantes": Q(important=True)}


class Notes(ProfessionalView):
    """What the views of the relève share: the notes of the chosen place."""

    permission = Permission.READ_NOTES

    def notes(self) -> QuerySet[HandoverNote]:
        return recent(self.request, self.actor, since_last(self.request, self.request.moment.now))

    def back(self) -> HttpResponse:
        """The relève as it was looked at, with its filters."""
        return redirect(reverse("handover:list") + kept(self.request))


def kept(request: Request) -> str:
    """The filters that the relève is looked at with, behind the address of a gesture."""
    return with_asked(request) if request.GET else ""


def undo(request: Request) -> str:
    """Where « Annuler » is posted."""
    return reverse("handover:unread") + kept(request)


class Handover(Notes):
    """The page: what to know at once, what to take over, then the rest; page by page where there is much."""

    def get(self, request: Request) -> HttpResponse:
        since, show = since_last(request, request.moment.now), request.GET.get("voir", "")
        part = part_of(request, self.actor, records_here(request, self.permission), mine_first=False)
        families = families_read(request, self.actor)
        family = asked if (asked := request.GET.get("famille", "")) in dict(families) else ""
        found, wanted = recent(request, self.actor, since, part.records), WANTED.get(show, WANTED[""])
        found = found.filter(family=family) if family else found
        counts = counts_of(found, wanted)
        ranks = {rank: counts[f"rank_{rank}"] for rank in TITLES}
        page = leaf(request, in_order(found.filter(wanted)), size=NOTES, total=sum(ranks.values()))
        shown = Told(request, page.rows)
        shows(request, {note["record_id"] for note in page.rows})
        context = {
            "scope": scope_of(request),
            "part": part,
            "page": page,
            "shows": partial(with_asked, request, page=""),
            "kept": kept(request),
            "families": families,
            "family": family,
            "parts": [shown.part(rank) | {"count": ranks[rank]} for rank in TITLES if ranks[rank]],
            "since": since,
            "count": counts["all"],
            "unread": counts["unread"],
            "shown": [note["id"] for note in page.rows if not note["is_read"]],
            "show": show,
        }
        return render(request, "handover/list.html", context, using="jinja2")


class Told:
    """Notes with what is shown beside them: who has read them, the vigilances of the people."""

    def __init__(self, request: Request, notes: list[dict[str, Any]]) -> None:
        self.notes, self.moment = notes, request.moment
        self.readers = readers_of([note["id"] for note in notes])
        self.vigilances = vigilances_of({note["record__person_id"] for note in notes})

    def part(self, rank: int) -> dict[str, Any]:
        notes = [note for note in self.notes if note["rank"] == rank]
        by_person = groupby(notes, key=lambda note: note["record_id"])
        people = [self._person(record_id, list(group)) for record_id, group in by_person]
        return {"rank": rank, "title": TITLES[rank], "people": people}

    def _person(self, record_id: Any, notes: list[dict[str, Any]]) -> dict[str, Any]:
        first = notes[0]
        last_name = first["record__person__used_name"] or first["record__person__birth_name"]
        first_name = familiar_name(
            first["record__person__first_name"], first["record__person__used_first_name"]
        )
        room = first["record__room"]
        return {
            "id": record_id,
            "name": f"{first_name} {last_name}",
            "initials": initials(last_name, first_name),
            "small": f"Chambre {room}" if room else "",
            "vigilances": [
                (one.text, *VIGILANCE_ICONS[one.kind]) for one in self.vigilances[first["record__person_id"]]
            ],
            "notes": [self.note(note) for note in notes],
        }

    def note(self, note: dict[str, Any]) -> dict[str, Any]:
        return {
            **note,
            "icon": FAMILY_ICONS[note["family"]],
            "author": f"{note['author__first_name']} {note['author__last_name']}",
            "day": day_label(self.moment.day_of(note["written_at"]), self.moment.today),
            "readers": self.readers[note["id"]],
        }


class MarkRead(Notes):
    """I have read this note. Asked by htmx, the note alone answers, read, with the way back."""

    def post(self, request: Request, note_id: Any) -> HttpResponse:
        note = HandoverNote.objects.filter(pk=note_id).first()
        if note is None or not may_read(request, note):
            self.refuse("Cette transmission ne vous est pas ouverte.")
        care.acknowledge(note=note, by=self.actor.professional, now=self.request.moment.now)
        if "HX-Request" in request.headers:
            return self.alone(note_id)
        told(request, "Lu.", undo(request), ("note", str(note_id)))
        return self.back()

    def alone(self, note_id: Any) -> HttpResponse:
        return _alone(self.request, self.notes(), note_id, fresh=True)


def _alone(request: Request, notes: QuerySet[HandoverNote], note_id: Any, *, fresh: bool) -> HttpResponse:
    """One note of the relève, as the list shows it; nothing once it left it."""
    mine = list(in_order(notes.filter(pk=note_id)))
    note = Told(request, mine).note(mine[0]) | {"fresh": fresh} if mine else None
    context = {"note": note, "kept": kept(request)}
    return render(request, "handover/note.html", context, using="jinja2")


class Chosen(Notes):
    """What is done with the notes that the page showed: those it names, among those one may read."""

    def chosen(self) -> list[HandoverNote]:
        asked = [found for text in self.request.POST.getlist("note") if (found := as_uuid(text))]
        notes = HandoverNote.objects.filter(pk__in=asked)
        return [note for note in notes if may_read(self.request, note)]


class MarkAllRead(Chosen):
    """I have read everything that the page showed me, and nothing that came after or was hidden."""

    def post(self, request: Request) -> HttpResponse:
        notes = self.chosen()
        for note in notes:
            care.acknowledge(note=note, by=self.actor.professional, now=request.moment.now)
        if notes:
            ids = [("note", str(note.pk)) for note in notes]
            words = "1 transmission lue." if len(notes) == 1 else f"{len(notes)} transmissions lues."
            told(request, words, undo(request), *ids)
        return self.back()


class TakeBack(Chosen):
    """It was a slip: I had not read these notes."""

    def post(self, request: Request) -> HttpResponse:
        notes = self.chosen()
        try:
            for note in notes:
                care.take_back(note=note, by=self.actor.professional, now=request.moment.now)
            if notes:
                messages.success(request, "Annulé : à lire de nouveau.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        if "HX-Request" in request.headers and len(notes) == 1:
            list(messages.get_messages(request))  # the note itself says it
            return _alone(request, self.notes(), notes[0].pk, fresh=False)
        return self.back()
