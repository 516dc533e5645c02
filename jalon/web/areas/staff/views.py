"""Who works here, with which role, where; and one of them, with what they may be given."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from jalon.db.search import named
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.setup.invitations import Step, step_of
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import in_force
from jalon.web.areas.staff.doors import passages
from jalon.web.areas.staff.reach import StaffView, rows_of

NAMES = ("last_name", "first_name")


class People(StaffView):
    """Who works where the accounts are mine to keep, with all they do; those who left too when asked."""

    def _step(self, one: Professional) -> Step | None:
        """Where a first sign-in is, when it is not over."""
        awaited = one.account and one.account.is_active and not one.account.vouched
        return step_of(one.account, self.request.moment.now) if one.account and awaited else None

    def get(self, request: Request) -> HttpResponse:
        words, gone = request.GET.get("q", "").strip(), "partis" in request.GET
        now = Membership.objects.filter(in_force(request.today), professional__active=True)
        held = Membership.objects.all() if gone else now
        here = Professional.objects.filter(pk__in=held.filter(self.mine).values("professional"))
        rows = now.select_related("establishment", "unit").order_by("establishment__name", "pk")
        places = Prefetch("memberships", rows, to_attr="places")
        awaited = here.filter(account__is_active=True, account__vouched=False)
        shown = awaited if "attente" in request.GET else here
        found = named(shown, words, *NAMES).select_related("account").order_by(*NAMES, "pk")
        page = leaf(request, found.prefetch_related(places))
        people = [(one, vars(one)["places"], self._step(one)) for one in page.rows]
        context = {"q": words, "gone": gone, "page": page, "people": people, "awaited": awaited.count()}
        return render(request, "staff/list.html", context, using="jinja2")


class One(StaffView):
    """Somebody: whether their account is open, what they do and did here."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        one = self.colleague()
        within = set(rows_of(one).filter(self.mine).values_list("pk", flat=True))
        rows = [(row, self._state(row), row.pk in within) for row in rows_of(one)]
        opened = one.active and one.account is not None and one.account.is_active
        step = step_of(one.account, request.moment.now) if opened and one.account else None
        context = {"one": one, "rows": rows, "step": step, "passages": passages(one.account)}
        return render(request, "staff/one.html", context, using="jinja2")

    def _state(self, row: Membership) -> str:
        if row.holds(self.request.today):
            return "en cours"
        return "à venir" if row.starts_on > self.request.today else "finie"
