"""The five usage indicators, each with its proof."""

import contextlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from jalon.core.errors import DomainError
from jalon.core.period import Month
from jalon.db.probing import listed
from jalon.faces.http import YEARS, Request, shows
from jalon.faces.paging import leaf
from jalon.indicators.definitions import DEFINITIONS, Figure
from jalon.indicators.models import MonthlyFigure
from jalon.indicators.queries import closed_figures, figures, lacking_of
from jalon.organizations.models import Establishment
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import scope_of
from jalon.web.shown.tiles import tiles


class Counted(ProfessionalView):
    """The chosen establishment and month; the month under way by default."""

    permission = Permission.READ_INDICATORS
    content = NO_CONTENT

    def month(self) -> Month:
        with contextlib.suppress(DomainError):
            month = Month.parse(self.request.GET.get("mois", ""))
            if month.year in YEARS:
                return month
        return Month.of(self.request.today)

    def house(self) -> Establishment | None:
        """The chosen one, if this professional reads its indicators."""
        mine = {place.establishment_id for place in self.actor.places_with(self.permission)}
        here = mine & set(scope_of(self.request).establishment_ids)
        return Establishment.objects.filter(pk__in=here).first()

    def open_to_me(self, records: Iterable[uuid.UUID]) -> RecordQuerySet:
        """Those of these records that this professional sees: the others are counted, not named."""
        return Record.objects.visible_to(self.actor, today=self.request.today).filter(pk__in=listed(records))


class Indicators(Counted):
    """Each indicator, with how many records miss: their list is its own page."""

    def get(self, request: Request) -> HttpResponse:
        month, house = self.month(), self.house()
        found = figures(house, month, now=request.moment.now) if house else []
        kept = closed_figures(house, month) if house else {}
        context = {
            "scope": scope_of(request),
            "month": month,
            "figures": [_shown(figure, kept.get(figure.definition.code, [])) for figure in found],
            "current": Month.of(request.today) == month,
        }
        return render(request, "indicators/index.html", context, using="jinja2")


class Proof(Counted):
    """The records that miss for an indicator, a page at a time."""

    def get(self, request: Request, code: str) -> HttpResponse:
        month, house = self.month(), self.house()
        definition = next((one for one in DEFINITIONS if one.code == code), None)
        if house is None or definition is None:
            raise Http404
        lacking = lacking_of(house, month, definition, now=request.moment.now)
        # All their keys in order, then what is shown of fifty: a house has thousands.
        page = leaf(request, list(self.open_to_me(lacking).in_french_order().values_list("pk", flat=True)))
        shows(request, page.rows)
        records = list(Record.objects.filter(pk__in=page.rows).with_identity().in_french_order())
        context = {
            "scope": scope_of(request),
            "month": month,
            "definition": definition,
            "tiles": tiles(self.request, records),
            "page": page,
            "lacking": len(lacking),
            "unnamed": len(lacking) - page.total,
        }
        return render(request, "indicators/proof.html", context, using="jinja2")


def _shown(figure: Figure, kept: list[MonthlyFigure]) -> dict[str, Any]:
    verdict = {True: "objectif atteint", False: "objectif à atteindre", None: "non mesurable"}[figure.reached]
    look = {True: ("ok", "check"), False: ("alerte", "flag"), None: ("neutre", "info")}[figure.reached]
    return {
        "figure": figure,
        "verdict": verdict,
        "tone": look[0],
        "icon": look[1],
        "lacking": figure.lacking,
        "kept": kept,
    }
