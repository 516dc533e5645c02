"""Who works here, with which role, where."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from jalon.db.search import named
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import in_force
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView


class People(ProfessionalView):
    """The memberships in force, person by person."""

    permission = Permission.MANAGE_STAFF

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        rows = Membership.objects.filter(in_force(request.today)).select_related(
            "professional", "establishment", "unit"
        )
        names = ("last_name", "first_name")
        mine = Prefetch("memberships", rows.order_by("establishment__name", "pk"), to_attr="places")
        here = Professional.objects.filter(pk__in=rows.values("professional"))
        page = leaf(request, named(here, words, *names).order_by(*names, "pk").prefetch_related(mine))
        people = [(one, vars(one)["places"]) for one in page.rows]
        return render(
            request, "staff/list.html", {"q": words, "page": page, "people": people}, using="jinja2"
        )
