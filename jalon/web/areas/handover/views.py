"""The relève: what was told since the last passage, what to know at once first."""

import uuid
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalon.care import actions as care
from jalon.care.models import HandoverNote, News
from jalon.care.queries import news_of
from jalon.care.rules import ANSWERED, OTHER, TO_FOLLOW, URGENT
from jalon.care.told import EVERY, IMPORTANT, UNREAD, readers_of
from jalon.core.dates import day_label
from jalon.core.errors import DomainError
from jalon.core.names import familiar_name, initials
from jalon.faces.http import Request, as_uuid, shows
from jalon.faces.jinja import FAMILY_ICONS
from jalon.faces.paging import Leaf, leaf, with_asked
from jalon.faces.undo import told
from jalon.people.queries import vigilances_of
from jalon.staff.queries import Actor
from jalon.staff.rules import EVERY_CONTENT, Permission
from jalon.web.areas.handover.kept import kept, undo
from jalon.web.areas.handover.news import news_alone, news_here
from jalon.web.gate import ProfessionalView
from jalon.web.place import records_here, scope_of
from jalon.web.shown.notes import exchanges, families_read, may_read, recent, since_last
from jalon.web.shown.part import Part, part_of
from jalon.web.shown.person import VIGILANCE_ICONS
from jalon.web.shown.tasks import line, to_do

TITLES = {
    URGENT: "À savoir tout de suite",
    ANSWERED: "On vous répond",
    TO_FOLLOW: "À suivre",
    OTHER: "Le reste",
}
NOTES, TASKS, NEWS = 40, 20, 20  # of a page
WANTED = {"": UNREAD, "toutes": EVERY, "importantes": IMPORTANT}


class Notes(ProfessionalView):
    """What the views of the relève share."""

    permission = Permission.READ_NOTES
    content = EVERY_CONTENT

    def back(self) -> HttpResponse:
        """The relève as it was looked at, with its filters."""
        return redirect(reverse("handover:list") + kept(self.request))


class Handover(Notes):
    """The page: what to know at once, what to take over, then the rest; page by page where there is much."""

    def get(self, request: Request) -> HttpResponse:
        since, show = since_last(request, request.moment.now), request.GET.get("voir", "")
        part = part_of(request, self.actor, records_here(request, self.permission), mine_first=False)
        families = families_read(request, self.actor)
        family = asked if (asked := request.GET.get("famille", "")) in dict(families) else ""
        wanted = WANTED.get(show, UNREAD)
        relay = recent(request, self.actor, since, part=part, kept=wanted, family=family)
        page = leaf(request, relay, size=NOTES)
        ranks = {rank: relay.counts[f"rank_{rank}"] for rank in TITLES}
        shown = Told(request, page.rows, exchanges(request, self.actor, page.rows))
        shows(request, {note["record_id"] for note in page.rows})
        news = leaf(request, news_here(request, self.actor), "nouvelles", NEWS)
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
            "count": relay.counts["all"],
            "unread": relay.counts["unread"],
            "shown": shown.unread,
            "show": show,
            "tasks": self.tasks(part, family),
            "news": news,
            "unread_news": [one.pk for one in news.rows if not one.is_read],
            "may_tell": self.actor.may(Permission.WRITE_NEWS),
            "may_act": self.actor.may(Permission.WRITE_NOTE),
        }
        return render(request, "handover/list.html", context, using="jinja2")

    def tasks(self, part: Part, family: str) -> Leaf:
        """What is to be taken over, of the notes of this family when one is chosen."""
        page = leaf(self.request, to_do(self.request, self.actor, part, family), "taches", TASKS)
        shows(self.request, {task.record_id for task in page.rows})
        reader, moment = self.actor.professional, self.request.moment
        return replace(page, rows=[line(task, reader, moment) for task in page.rows])


class Told:
    """Notes with what is shown beside them: their exchange, who has read, the vigilances of the people.

    An exchange stands once, where the first of the notes that were found stands.
    """

    def __init__(
        self, request: Request, notes: list[dict[str, Any]], exchanges: dict[Any, list[dict[str, Any]]]
    ) -> None:
        self.moment, self.exchanges = request.moment, exchanges
        self.ranks = {note["answers_id"] or note["id"]: note["rank"] for note in reversed(notes)}
        self.begun = list(dict.fromkeys(note["answers_id"] or note["id"] for note in notes))
        every = [note for exchange in exchanges.values() for note in exchange]
        self.readers = readers_of([note["id"] for note in every])
        self.vigilances = vigilances_of({note["record__person_id"] for note in every})
        self.unread = [note["id"] for note in every if not note["is_read"]]

    def part(self, rank: int) -> dict[str, Any]:
        here = (self.exchanges[one] for one in self.begun if self.ranks[one] == rank)
        by_person = groupby(here, key=lambda exchange: exchange[0]["record_id"])
        people = [self._person(record_id, list(group)) for record_id, group in by_person]
        return {"rank": rank, "title": TITLES[rank], "people": people}

    def _person(self, record_id: Any, exchanges: list[list[dict[str, Any]]]) -> dict[str, Any]:
        first = exchanges[0][0]
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
            "notes": [self.note(note) for exchange in exchanges for note in exchange],
        }

    def note(self, note: dict[str, Any]) -> dict[str, Any]:
        return {
            **note,
            "icon": "message-circle" if note["answers_id"] else FAMILY_ICONS[note["family"]],
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
            return _alone(request, self.actor, note, fresh=True)
        told(request, "Lu.", undo(request), ("note", str(note_id)))
        return self.back()


def _alone(request: Request, actor: Actor, note: HandoverNote, *, fresh: bool) -> HttpResponse:
    """One note of the relève, as the list shows it."""
    found = [{"id": note.pk, "answers_id": note.answers_id, "rank": OTHER}]
    exchange = exchanges(request, actor, found)
    told_alone = Told(request, found, exchange)
    rows = [one for notes in exchange.values() for one in notes if one["id"] == note.pk]
    context = {
        "note": told_alone.note(rows[0]) | {"fresh": fresh} if rows else None,
        "kept": kept(request),
        "may_act": actor.may(Permission.WRITE_NOTE),
    }
    return render(request, "handover/note.html", context, using="jinja2")


class Chosen(Notes):
    """What is done with what the page showed: what it names, among what one may read."""

    def chosen(self) -> list[HandoverNote]:
        notes = HandoverNote.objects.filter(pk__in=self.named("note"))
        return [note for note in notes if may_read(self.request, note)]

    def chosen_news(self) -> list[News]:
        places = self.actor.places_with(self.permission)
        return list(news_of(places).filter(pk__in=self.named("news")))

    def named(self, name: str) -> list[uuid.UUID]:
        return [found for text in self.request.POST.getlist(name) if (found := as_uuid(text))]


class MarkAllRead(Chosen):
    """I have read everything that the page showed me, and nothing that came after or was hidden."""

    def post(self, request: Request) -> HttpResponse:
        notes, news, now = self.chosen(), self.chosen_news(), request.moment.now
        for note in notes:
            care.acknowledge(note=note, by=self.actor.professional, now=now)
        for one in news:
            care.acknowledge_news(news=one, by=self.actor.professional, now=now)
        if notes or news:
            ids = [*(("note", str(note.pk)) for note in notes), *(("news", str(one.pk)) for one in news)]
            told(request, _counted(len(notes), len(news)), undo(request), *ids)
        return self.back()


def _counted(notes: int, news: int) -> str:
    """« 3 transmissions et 1 nouvelle lues. »"""
    counts = ((notes, "transmission"), (news, "nouvelle"))
    said = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    return f"{' et '.join(said)} lue{'s' if notes + news > 1 else ''}."


class TakeBack(Chosen):
    """It was a slip: I had not read these."""

    def post(self, request: Request) -> HttpResponse:
        notes, news = self.chosen(), self.chosen_news()
        try:
            read: list[HandoverNote | News] = [*notes, *news]
            for one in read:
                care.take_back(read=one, by=self.actor.professional, now=request.moment.now)
            if notes or news:
                messages.success(request, "Annulé : à lire de nouveau.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        if "HX-Request" in request.headers and len(notes) + len(news) == 1:
            list(messages.get_messages(request))  # what answers says it
            return self.alone(notes, news)
        return self.back()

    def alone(self, notes: list[HandoverNote], news: list[News]) -> HttpResponse:
        if news:
            return news_alone(self.request, self.actor, news[0].pk, fresh=False)
        return _alone(self.request, self.actor, notes[0], fresh=False)
