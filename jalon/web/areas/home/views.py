"""« Ma journée »: what cannot wait, who is here, what happens today."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.agenda.queries import mine_under_way, under_way
from jalon.db.compiled import Listed
from jalon.faces.http import Request, shows
from jalon.faces.paging import Leaf, leaf
from jalon.staff.rules import EVERY_CONTENT, Permission
from jalon.web.gate import ProfessionalView
from jalon.web.menu import waiting
from jalon.web.place import records_here, scope_of, sight_here
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
    content = EVERY_CONTENT

    def get(self, request: Request) -> HttpResponse:
        part = part_of(request, self.actor, records_here(request))
        people = self.people(part)
        context = {
            "scope": scope_of(request),
            "today": request.today,
            "now": request.moment.now,
            "waiting": waiting(request, self.actor),
            "tasks": self.tasks(part),
            "may_act": self.actor.may(Permission.WRITE_NOTE),
            "sees_people": self.actor.may(Permission.LIST_RECORDS),
            "people": replace(people, rows=tiles(self.request, people.rows)),
            "part": part,
            "sees_day": self.actor.may(Permission.READ_AGENDA),
            "day": self.day(part, people.rows),
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
        return page

    def day(self, part: Part, people: Sequence[Any]) -> Leaf:
        """What happens today, of these people or led by me; of a small place, all of it."""
        page = leaf(self.request, self.events(part), "jour", EVENTS)
        told = {event["record_id"] for event in page.rows}
        shows(self.request, told)
        names = short_names(self.named(told, people))
        return replace(page, rows=lines(page.rows, self.request.moment, names))

    def named(self, told: set[Any], people: Sequence[Any]) -> list[Any]:
        """The records that the day names: those of the page, and those it does not show."""
        found = [record for record in people if record.pk in told]
        if lacking := told - {record.pk for record in found}:
            here = records_here(self.request, Permission.READ_AGENDA)
            found += here.filter(pk__in=lacking).select_related("person")
        return found

    def events(self, part: Part) -> Listed[dict[str, Any]]:
        """Of a large place, what I lead and what is of my people."""
        here, (start, end) = sight_here(self.request, Permission.READ_AGENDA), self.request.moment.bounds
        if not part.large:
            return under_way(here, start, end)
        return mine_under_way(self.actor.professional, here=here, start=start, end=end)
