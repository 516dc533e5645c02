"""A list of staff: looked at line by line, then brought in whole, or not at all."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.faces.uploads import TOO_BIG
from jalon.organizations.models import Establishment, Unit
from jalon.setup import staff_list
from jalon.setup.staff_list import Outcome, StaffList
from jalon.web.areas.staff.forms import IMPORT, ListForm
from jalon.web.areas.staff.reach import StaffView

KEPT = "staff_list_errors"
SHOWN = 500
"""Lines told on the page; those that stop the list come first, and are all in the file of errors."""


class Import(StaffView):
    """The form, what each line would do, then who was invited."""

    def get(self, request: Request) -> HttpResponse:
        return self._show(ListForm())

    def post(self, request: Request) -> HttpResponse:
        form = ListForm(request.POST, None if hasattr(request, TOO_BIG) else request.FILES)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            return self._answer(form.cleaned_data["sent"].read(), form.cleaned_data["gesture"])
        except DomainError as refusal:
            form.add_error("sent", f"{refusal} Rien n’est enregistré.")
            return self._show(form, 422)

    def _answer(self, data: bytes, gesture: str) -> HttpResponse:
        today = self.request.today
        if gesture != IMPORT:
            return self._told(staff_list.look(data, reach=self._keeps, today=today))
        found, invited = staff_list.bring_in(
            data, reach=self._keeps, by=self.actor.professional, now=self.request.moment.now, today=today
        )
        if found.stopped:
            return self._told(found, 422)
        context = {"found": found, "invited": invited, "outcomes": _counts(found)}
        return render(self.request, "staff/brought_in.html", context, using="jinja2")

    def _keeps(self, house: Establishment, unit: Unit | None) -> bool:
        """Is it mine to keep the accounts there?"""
        places = self.actor.places_with(self.permission)
        here = [place for place in places if place.establishment_id == house.pk]
        return any(place.unit_id is None or (unit and place.unit_id == unit.pk) for place in here)

    def _told(self, found: StaffList, status: int = 200) -> HttpResponse:
        """What each line would do; the file of errors waits for its own address."""
        errors = staff_list.errors_of(found) if found.stopped else b""
        self.request.session[KEPT] = errors.decode("utf-8")
        lines = sorted(found.verdicts, key=lambda one: not one.stops)
        context = {
            "found": found,
            "lines": lines[:SHOWN],
            "outcomes": _counts(found),
            "refused": status != 200,
        }
        return self._show(ListForm(), status, **context)

    def _show(self, form: ListForm, status: int = 200, **context: Any) -> HttpResponse:
        page = {"form": form, "found": None, "lines": [], "outcomes": [], "refused": False, **context}
        return render(self.request, "staff/import.html", page, status=status, using="jinja2")


class Errors(StaffView):
    """The lines that stopped the last list of this session, to mend and send again."""

    def get(self, request: Request) -> HttpResponse:
        kept = request.session.get(KEPT)
        if not kept:
            return redirect("staff:import")
        answer = HttpResponse(kept.encode(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="liste-a-corriger.csv"'
        return answer


def _counts(found: StaffList) -> list[tuple[str, int]]:
    return [(outcome.label, count) for outcome in Outcome if (count := found.count(outcome))]
