"""The agenda of a place, a week at a time."""

from django.http import HttpResponse
from django.shortcuts import render

from jalon.staff.models import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.http import Request
from jalon.web.place import records_here, scope_of
from jalon.web.records.week import week


class Week(ProfessionalView):
    """The week of everyone of the chosen place."""

    permission = Permission.READ_AGENDA

    def get(self, request: Request) -> HttpResponse:
        records = records_here(request, Permission.READ_AGENDA).select_related("person")
        names = {record.pk: record.person.usual_first_name for record in records}
        context = {"scope": scope_of(request), "week": week(request, list(names), names)}
        return render(request, "agenda/week.html", context, using="jinja2")
