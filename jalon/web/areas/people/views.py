"""List and search of the people one may see."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from jalon.core.errors import DomainError
from jalon.faces.http import Request, shows
from jalon.organizations.models import Establishment, Unit
from jalon.people.models import Person
from jalon.people.queries import candidates, twins_of
from jalon.records.actions import welcome
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.rules import Permission
from jalon.web.areas.people.forms import WelcomeForm
from jalon.web.gate import ProfessionalView
from jalon.web.menu import gestures
from jalon.web.place import records_here, scope_of
from jalon.web.shown.search import found
from jalon.web.shown.tiles import tiles
from jalon.web.standalone import StandaloneForm

SHOWN = 200
QUICK = 8


class PeopleList(ProfessionalView):
    """Everyone of the chosen place, or those a search finds in every place one may see."""

    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        records = found(everywhere(request), words) if words else records_here(request)
        page = list(records.with_identity().in_french_order()[: SHOWN + 1])
        shows(request, [record.pk for record in page[:SHOWN]])
        context = {
            "q": words,
            "tiles": tiles(page[:SHOWN]),
            "more": len(page) > SHOWN,
            "scope": scope_of(request),
            "may_welcome": self.actor.may(Permission.EDIT_PERSON),
        }
        return render(request, "people/list.html", context, using="jinja2")


class Search(ProfessionalView):
    """The few first people of a search, the rooms and the gestures it names, for the palette."""

    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        records = found(everywhere(request), words) if words else everywhere(request).none()
        first = list(records.with_identity().in_french_order()[:QUICK])
        shows(request, [record.pk for record in first])
        context: dict[str, Any] = {
            "q": words,
            "tiles": tiles(first),
            "gestures": list(gestures(request, self.actor, words)),
        }
        return render(request, "people/search_results.html", context, using="jinja2")


def everywhere(request: Request) -> RecordQuerySet:
    """Every record this professional may see, whatever the chosen place."""
    if request.actor is None:
        return Record.objects.none()
    return Record.objects.visible_to(request.actor, permission=Permission.LIST_RECORDS, today=request.today)


# Whom to show for a refusal: they may be the one typed.
ALIKE = {"already_known": twins_of, "looks_alike": candidates}


class Welcome(StandaloneForm):
    """Register a person, open their record, begin their stay; INSi is called next, on the identity page."""

    permission = Permission.EDIT_PERSON
    template = "people/new.html"
    record: Record | None = None
    twins: list[Person] | None = None

    def form(self, data: Any = None) -> WelcomeForm:
        places = self.actor.places_with(self.permission)
        scope = scope_of(self.request)
        here = f"{scope.establishment_id}:{scope.unit_id or ''}"
        initial = {"starts_on": self.request.today, "where": here}
        return WelcomeForm(data, houses=scope.houses, places=places, initial=initial)

    def save(self, fields: dict[str, Any]) -> None:
        house, _, unit = fields.pop("where").partition(":")
        traits, starts_on = WelcomeForm.traits(fields), fields.pop("starts_on")
        try:
            self.record = welcome(
                traits=traits,
                establishment=Establishment.objects.get(pk=house),
                unit=Unit.objects.get(pk=unit) if unit else None,
                starts_on=starts_on,
                by=self.actor.professional,
                despite_twin="despite_twin" in self.request.POST,
                **fields,
            )
        except DomainError as refusal:
            self.twins = ALIKE[refusal.code](traits) if refusal.code in ALIKE else None
            raise

    def heading(self) -> str:
        return "Accueillir une personne"

    def done(self) -> str:
        who = self.record.person if self.record else ""
        return f"Dossier ouvert : {who}. Son séjour est noté."

    def back(self) -> HttpResponse:
        return redirect("records:identity", self.record.pk) if self.record else redirect("people:list")

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        known = Record.objects.visible_to(self.actor, today=self.request.today)
        twins = list(known.filter(person__in=self.twins or []).with_identity().in_french_order())
        shows(self.request, [record.pk for record in twins])
        return super().show(status, twins=tiles(twins), asked=self.twins is not None, **context)
