"""The agenda of a place, a week at a time."""

from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.http import Request, shows
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import records_here, scope_of
from jalon.web.shown.names import short_names
from jalon.web.shown.week import by_person, week


class Week(ProfessionalView):
    """The week of everyone of the chosen place."""

    permission = Permission.READ_AGENDA

    def get(self, request: Request) -> HttpResponse:
        records = list(records_here(request, Permission.READ_AGENDA).with_identity().in_french_order())
        shows(request, [record.pk for record in records])
        names = short_names(records)
        found = week(request, list(names), names, editable=self.actor.may(Permission.WRITE_AGENDA))
        context = {
            "scope": scope_of(request),
            "week": found,
            "people": by_person(found["events"], records),
            "add_event": "",  # for somebody: from their own agenda
        }
        return render(request, "agenda/week.html", context, using="jinja2")
