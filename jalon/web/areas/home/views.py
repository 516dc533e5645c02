"""« Ma journée »: what cannot wait, who is here, what happens today."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.agenda.queries import mine_under_way, under_way
from jalon.faces.http import Request, shows
from jalon.faces.paging import Leaf, leaf
from jalon.records.models import RecordQuerySet
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.menu import waiting
from jalon.web.place import records_here, scope_of
from jalon.web.shown.day import lines
from jalon.web.shown.names import short_names
from jalon.web.shown.part import Part, part_of
from jalon.web.shown.tasks import line, of_the_day
from jalon.web.shown.tiles import tiles

TILES, EVENTS, TASKS = 50, 100, 20  # of a page


class Day(ProfessionalView):
    """The page everyone starts from, on three floors; a floor that a function has no use for is absent.

    Of a large place it shows what is one's own: the people of whom one is the key worker, what one has to do.
    """

    permission = Permission.ENTER

    def get(self, request: Request) -> HttpResponse:
        part = part_of(request, self.actor, records_here(request))
        context = {
            "scope": scope_of(request),
            "today": request.today,
            "now": request.moment.now,
            "waiting": waiting(request, self.actor),
            "tasks": self.tasks(part),
            "may_act": self.actor.may(Permission.WRITE_NOTE),
            "sees_people": self.actor.may(Permission.LIST_RECORDS),
            "people": self.people(part),
            "part": part,
            "sees_day": self.actor.may(Permission.READ_AGENDA),
            "day": self.day(part),
        }
        return render(request, "home/day.html", context, using="jinja2")

    def tasks(self, part: Part) -> Leaf:
        """What I have to take over, and what nobody has yet of these people."""
        found = of_the_day(self.request, self.actor, part)
        page = leaf(self.request, found, "taches", TASKS)
        shows(self.request, {task.record_id for task in page.rows})
        reader, moment = self.actor.professional, self.request.moment
        return replace(page, rows=[line(task, reader, moment) for task in page.rows])

    def people(self, part: Part) -> Leaf:
        """Mine, or everybody of a small place; of a large one where I am nobody's key worker, the first."""
        page = leaf(
            self.request, part.records.with_identity().in_french_order(), "personnes", TILES, part.total
        )
        shows(self.request, [record.pk for record in page.rows])
        return replace(page, rows=tiles(page.rows))

    def day(self, part: Part) -> Leaf:
        """What happens today, of these people or led by me; of a small place, all of it."""
        here = records_here(self.request, Permission.READ_AGENDA)
        page = leaf(self.request, self.events(part, here), "jour", EVENTS)
        told = {event["record_id"] for event in page.rows}
        names = short_names(here.filter(pk__in=told).select_related("person"))
        shows(self.request, told)
        return replace(page, rows=lines(page.rows, self.request.moment, names))

    def events(self, part: Part, here: RecordQuerySet) -> Any:
        """Of a large place, what I lead and what is of my people."""
        start, end = self.request.moment.bounds
        if not part.large:
            return under_way(here.values("pk"), start, end)
        me = self.actor.professional
        of_mine = here.filter(key_worker=me).values("pk")
        return mine_under_way(me, here=here.values("pk"), of_mine=of_mine, start=start, end=end)
