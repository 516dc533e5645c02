"""The five usage indicators, each with its proof."""

import contextlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.core.errors import DomainError
from jalon.core.period import Month
from jalon.faces.http import YEARS, Request, shows
from jalon.indicators.definitions import Figure
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.queries import closed_figures, figures, labels
from jalon.organizations.models import Establishment
from jalon.records.models import Record
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import scope_of


class Indicators(ProfessionalView):
    """The chosen establishment and month; the month under way by default."""

    permission = Permission.READ_INDICATORS

    def get(self, request: Request) -> HttpResponse:
        month = self.month()
        scope = scope_of(request)
        mine = {place.establishment_id for place in self.actor.places_with(self.permission)}
        house = Establishment.objects.filter(pk__in=mine & set(scope.establishment_ids)).first()
        counted = figures(house, month, now=request.moment.now) if house else []
        kept = closed_figures(house, month) if house else {}
        visible = Record.objects.visible_to(self.actor, today=request.today)
        names = labels({record for figure in counted for record in figure.missing}, visible)
        shows(request, names)
        context = {
            "scope": scope,
            "month": month,
            "figures": [_shown(figure, names, kept.get(figure.definition.code, [])) for figure in counted],
            "current": Month.of(request.today) == month,
        }
        return render(request, "indicators/index.html", context, using="jinja2")

    def month(self) -> Month:
        with contextlib.suppress(DomainError):
            month = Month.parse(self.request.GET.get("mois", ""))
            if month.year in YEARS:
                return month
        return Month.of(self.request.today)


def _shown(figure: Figure, names: dict[Any, str], kept: list[MonthlyFigure]) -> dict[str, Any]:
    verdict = {True: "objectif atteint", False: "objectif à atteindre", None: "non mesurable"}[figure.reached]
    look = {True: ("ok", "check"), False: ("alerte", "flag"), None: ("neutre", "info")}[figure.reached]
    missing = [{"id": record, "name": names[record]} for record in names if record in set(figure.missing)]
    return {
        "figure": figure,
        "verdict": verdict,
        "tone": look[0],
        "icon": look[1],
        "missing": missing,
        "unnamed": len(set(figure.missing)) - len(missing),
        "kept": kept,
    }
