"""What I see and why: in a record, and everywhere; what I asked, and what waits for my answer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.http import Request, shows
from jalon.faces.paging import leaf
from jalon.records import replacing
from jalon.records.asked import asked_by, emergencies, opened, to_answer
from jalon.records.openings import DAYS
from jalon.records.standing import explained, places_of
from jalon.staff.queries import functions_of
from jalon.staff.rules import NO_CONTENT, ContentClass, Permission
from jalon.web.areas.accesses.parts import table
from jalon.web.gate import ProfessionalView
from jalon.web.shown.record_page import Page

REVIEWED = 20


class Mine(Page):
    """« Pourquoi je vois »: each part of this record, open to me or not, and by which rule."""

    permission = Permission.OPEN_RECORD
    content = frozenset({ContentClass.DAILY})
    template = "accesses/why.html"

    def get(self, request: Request) -> HttpResponse:
        decided = explained(self.actor, self.record, request.today)
        return self.show(rows=table(decided, functions_of(self.record.establishment_id)), chain=decided.chain)


class Index(ProfessionalView):
    """« Droits »: from where I see, what I asked; for whoever keeps the door, what waits for an answer."""

    permission = Permission.ENTER
    content = NO_CONTENT
    template = "accesses/index.html"

    def get(self, request: Request) -> HttpResponse:
        mine = leaf(request, asked_by(self.actor.professional))
        context = {
            "stands": places_of(self.actor),
            "mine": mine,
            "opened": opened(self.actor, mine.rows, request.today),
            "durations": DAYS,
            "keeps": self.actor.may(Permission.GRANT_ACCESS),
            "may_simulate": self.actor.may(Permission.SIMULATE_RIGHTS),
            **self.kept(),
        }
        return render(request, self.template, context, using="jinja2")

    def kept(self) -> dict[str, Any]:
        """What waits for whoever keeps the door of records, and the last emergencies."""
        places, today = self.actor.places_with(Permission.GRANT_ACCESS), self.request.today
        mine = replacing.about(self.actor.professional, today)
        if not places:
            return {"asked": [], "urgent": [], "given": mine, "endable": set()}
        here = set(replacing.given_in(places, today).values_list("pk", flat=True))
        given = replacing.given_in(places, today) | mine
        urgent = emergencies(self.actor, today).prefetch_related("reviews__by")
        last = list(urgent.order_by("-until", "pk")[:REVIEWED])
        shows(self.request, {one.record_id for one in last})
        return {"asked": list(to_answer(self.actor, today)), "urgent": last, "given": given, "endable": here}
