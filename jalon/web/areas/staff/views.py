"""Who works here, with which role, where; and one of them, with what they may be given."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from jalon.db.search import named
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import in_force
from jalon.web.areas.staff.reach import StaffView, rows_of

NAMES = ("last_name", "first_name")


class People(StaffView):
    """The memberships in force, person by person; those who left too when it is asked."""

    def get(self, request: Request) -> HttpResponse:
        words, gone = request.GET.get("q", "").strip(), "partis" in request.GET
        rows = Membership.objects.filter(self.mine).select_related("establishment", "unit")
        now = rows.filter(in_force(request.today), professional__active=True)
        here = Professional.objects.filter(pk__in=(rows if gone else now).values("professional"))
        mine = Prefetch("memberships", now.order_by("establishment__name", "pk"), to_attr="places")
        page = leaf(request, named(here, words, *NAMES).order_by(*NAMES, "pk").prefetch_related(mine))
        people = [(one, vars(one)["places"]) for one in page.rows]
        context = {"q": words, "gone": gone, "page": page, "people": people}
        return render(request, "staff/list.html", context, using="jinja2")


class One(StaffView):
    """Somebody: whether their account is open, what they do and did here."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        one = self.colleague()
        within = set(rows_of(one).filter(self.mine).values_list("pk", flat=True))
        rows = [(row, self._state(row), row.pk in within) for row in rows_of(one)]
        opened = one.active and one.account is not None and one.account.is_active
        context = {"one": one, "rows": rows, "opened": opened}
        return render(request, "staff/one.html", context, using="jinja2")

    def _state(self, row: Membership) -> str:
        if row.holds(self.request.today):
            return "en cours"
        return "à venir" if row.starts_on > self.request.today else "finie"
