"""The agenda of a place, a week at a time."""

from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.http import Request, shows
from jalon.faces.paging import leaf
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import records_here, scope_of
from jalon.web.shown.names import short_names
from jalon.web.shown.part import NAME, asked_of, part_of
from jalon.web.shown.week import by_person, week

LINES = 50  # people of a page


class Week(ProfessionalView):
    """The week of everyone of the chosen place; of a large one, of one's own people first, page by page."""

    permission = Permission.READ_AGENDA
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        here = records_here(request, Permission.READ_AGENDA)
        part = part_of(request, self.actor, here)
        page = leaf(request, part.records.with_identity().in_french_order(), size=LINES, total=part.total)
        shows(request, [record.pk for record in page.rows])
        names = short_names(page.rows)
        found = week(request, list(names), names, editable=self.actor.may(Permission.WRITE_AGENDA))
        context = {
            "scope": scope_of(request),
            "part": part,
            "page": page,
            "kept": asked_of(request, NAME, "page"),
            "week": found,
            "people": by_person(found["events"], page.rows),
            "add_event": "",  # for somebody: from their own agenda
        }
        return render(request, "agenda/week.html", context, using="jinja2")
