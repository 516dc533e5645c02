"""« Ma journée »: what cannot wait, who is here, what happens today."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.agenda.queries import between
from jalon.faces.http import Request, shows
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.menu import waiting
from jalon.web.place import records_here, scope_of
from jalon.web.shown.day import lines
from jalon.web.shown.names import short_names
from jalon.web.shown.tiles import tiles

TILES = 120  # of people; how many more there are is said


class Day(ProfessionalView):
    """The page everyone starts from, on three floors; a floor that a function has no use for is absent."""

    permission = Permission.ENTER

    def get(self, request: Request) -> HttpResponse:
        now = request.moment.now
        context = {
            "scope": scope_of(request),
            "today": request.today,
            "now": now,
            "waiting": waiting(request, self.actor),
            "sees_people": self.actor.may(Permission.LIST_RECORDS),
            "people": self.people(),
            "sees_day": self.actor.may(Permission.READ_AGENDA),
            "events": self.events(),
        }
        return render(request, "home/day.html", context, using="jinja2")

    def people(self) -> dict[str, Any]:
        """The first of them, and how many they are: the list of people has them all."""
        here = records_here(self.request)
        first = list(here.with_identity().in_french_order()[: TILES + 1])
        shows(self.request, [record.pk for record in first[:TILES]])
        count = len(first) if len(first) <= TILES else here.count()
        return {"count": count, "tiles": tiles(first[:TILES])}

    def events(self) -> list[dict[str, Any]]:
        names = short_names(records_here(self.request, Permission.READ_AGENDA).select_related("person"))
        found = between(names, *self.request.moment.bounds)
        shows(self.request, {event["record_id"] for event in found})
        return lines(found, self.request.moment, names)
