"""Who works here, with which role, where."""

from django.http import HttpResponse
from django.shortcuts import render

from jalon.db.search import named
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.staff.models import Membership
from jalon.staff.queries import in_force
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView


class People(ProfessionalView):
    """The memberships in force."""

    permission = Permission.MANAGE_STAFF

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        rows = Membership.objects.filter(in_force(request.today)).select_related(
            "professional", "establishment", "unit"
        )
        names = ("professional__last_name", "professional__first_name", "establishment__name", "pk")
        page = leaf(request, named(rows, words, *names[:2]).order_by(*names))
        return render(request, "staff/list.html", {"q": words, "page": page}, using="jinja2")
