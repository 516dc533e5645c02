"""The yearly review of the rights of an establishment: each line kept or withdrawn; signed, extracted."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property

from jalon.core.errors import DomainError
from jalon.faces.http import Request, as_uuid
from jalon.organizations.models import Establishment
from jalon.organizations.queries import moment_at
from jalon.records import yearly
from jalon.records.models import RightsReview
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.gate import ProfessionalView

NOT_MINE = "Vous ne relisez pas les droits de cet établissement."
FORMULAS = ("=", "+", "-", "@", "\t")  # what a spreadsheet would run


class OfHouse(ProfessionalView):
    """A page about the rights of a whole establishment: a unit is not enough."""

    permission = Permission.REVIEW_RIGHTS
    content = NO_CONTENT

    @cached_property
    def house(self) -> Establishment:
        places = self.actor.places_with(self.permission)
        whole = {place.establishment_id for place in places if place.unit_id is None}
        found = Establishment.objects.filter(pk__in=whole, pk=self.kwargs["house_id"]).first()
        return found or self.refuse(NOT_MINE)


class Yearly(OfHouse):
    """Each right that is in force, and what was decided of it."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        review = yearly.under_way(self.house)
        done = {one.right_id: one for one in review.lines.select_related("by")} if review else {}
        rights = yearly.rights_of(self.house, request.today)
        context = {
            "house": self.house,
            "left": [one for one in rights if one.id not in done],
            "done": list(done.values()),
            "mine": self.actor.professional,
            "signed": yearly.last_signed(self.house),
        }
        return render(request, "accesses/yearly.html", context, using="jinja2")

    def post(self, request: Request, **named: Any) -> HttpResponse:
        moment = moment_at(self.house, request.moment.now)
        by, right_id = self.actor.professional, as_uuid(request.POST.get("droit"))
        try:
            if request.POST.get("geste") == "signer":
                yearly.sign(establishment=self.house, moment=moment, by=by)
                messages.success(request, "Revue signée. La prochaine est dans un an.")
            elif right_id:
                kept, reason = request.POST.get("geste") == "garder", request.POST.get("motif", "")
                yearly.decide(
                    establishment=self.house, right_id=right_id, kept=kept, reason=reason[:200],
                    moment=moment, actor=self.actor,
                )  # fmt: skip
                messages.success(request, "Droit gardé." if kept else "Droit retiré.")
            else:
                raise Http404
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("accesses:yearly", self.house.pk)


class Extraction(OfHouse):
    """The last review that was signed, as a table that a spreadsheet opens."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        review = yearly.last_signed(self.house)
        if review is None:
            raise Http404
        answer = HttpResponse(table(review), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="revue-des-droits.csv"'
        return answer


def table(review: RightsReview) -> str:
    """The decisions, then who signed, when, and the digest of what was signed."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(yearly.COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in yearly.extracted(review))
    writer.writerow(["Signée par", _harmless(str(review.signed_by)), str(review.signed_at), review.digest])
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
