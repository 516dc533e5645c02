"""Who works here, with which role, where."""

from itertools import groupby
from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.http import Request
from jalon.staff.models import Membership
from jalon.staff.queries import in_force
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView


class People(ProfessionalView):
    """The memberships in force, person by person."""

    permission = Permission.MANAGE_STAFF

    def get(self, request: Request) -> HttpResponse:
        rows = Membership.objects.filter(in_force(request.today)).select_related(
            "professional", "establishment", "unit"
        )
        ordered = rows.order_by(
            "professional__last_name", "professional__first_name", "professional_id", "establishment__name"
        )
        people = [(one, list(places)) for one, places in groupby(ordered, key=attrgetter("professional"))]
        return render(request, "staff/list.html", {"people": people}, using="jinja2")
