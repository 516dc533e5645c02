"""List and search of the people one may see."""

import uuid
from collections.abc import Collection, Mapping
from string import ascii_lowercase
from types import MappingProxyType
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac

from jalon.core import dates
from jalon.core.identity import Traits
from jalon.faces.http import Request, shows
from jalon.faces.paging import leaf, with_asked
from jalon.organizations.models import Establishment, Unit
from jalon.people.rules import TRAIT_NAMES, differences
from jalon.people.search import alike
from jalon.records.actions import welcome
from jalon.records.models import Record, RecordQuerySet
from jalon.records.search import Found, found
from jalon.staff.rules import NO_CONTENT, ContentClass, Permission
from jalon.web.areas.people.forms import SearchForm, WelcomeForm
from jalon.web.gate import ProfessionalView
from jalon.web.menu import gestures
from jalon.web.place import records_here, scope_of
from jalon.web.shown.part import part_of
from jalon.web.shown.tiles import tiles
from jalon.web.standalone import StandaloneForm

WIDELY = "voisins"  # near names too, though some bear the very ones
QUICK = 8
STEP, APART = "etape", "ecartes"  # what the second page carries: that one searched, and who is set apart


class PeopleList(ProfessionalView):
    """Everyone of the chosen place, a page at a time, or those a search finds in every place one may see."""

    permission = Permission.LIST_RECORDS
    content = frozenset({ContentClass.DAILY})

    def get(self, request: Request) -> HttpResponse:
        words, widely = request.GET.get("q", "").strip(), WIDELY in request.GET
        part = None if words else part_of(request, self.actor, records_here(request), mine_first=False)
        letter = _letter(request) if part and part.large else ""
        result = Found() if part else found(everywhere(request), words, widely=widely)
        here = _of_letter(part.records, letter).with_identity().in_french_order() if part else None
        known = part.total if part and not letter else None
        page = leaf(request, result.records if here is None else here, total=known)
        shows(request, [record.pk for record in page.rows])
        context = {
            "q": words,
            "tiles": tiles(self.request, page.rows),
            "page": page,
            "part": part,
            "letters": _letters(request, letter) if part and part.large else [],
            "near": result.near,
            "widely": widely,
            "scope": scope_of(request),
            "may_welcome": self.actor.may(Permission.EDIT_PERSON),
        }
        return render(request, "people/list.html", context, using="jinja2")


def _letter(request: Request) -> str:
    asked = request.GET.get("lettre", "").lower()
    return asked if len(asked) == 1 and asked in ascii_lowercase else ""


def _of_letter(records: RecordQuerySet, letter: str) -> RecordQuerySet:
    """Those whose name in use begins so: an interval of the sort key, which an index may follow."""
    if not letter:
        return records
    return records.filter(person__name_key__gte=letter, person__name_key__lt=chr(ord(letter) + 1))


def _letters(request: Request, chosen: str) -> list[tuple[str, str, bool]]:
    """Each letter, its address, whether it is chosen: a page of the former list leads nowhere in this one."""
    every = ("", *ascii_lowercase)
    return [(one.upper() or "Tous", with_asked(request, lettre=one, page=""), one == chosen) for one in every]


class Search(ProfessionalView):
    """The few first people of a search, the rooms and the gestures it names, for the palette."""

    permission = Permission.LIST_RECORDS
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        result = found(everywhere(request), words)
        first = result.first(QUICK + 1)
        more, first = first[QUICK:], first[:QUICK]
        shows(request, [record.pk for record in first])
        context: dict[str, Any] = {
            "q": words,
            "tiles": tiles(self.request, first),
            "more": bool(more),
            "gestures": list(gestures(request, self.actor, words)),
        }
        return render(request, "people/search_results.html", context, using="jinja2")


def everywhere(request: Request) -> RecordQuerySet:
    """Every record this professional may see, whatever the chosen place."""
    if request.actor is None:
        return Record.objects.none()
    return Record.objects.visible_to(request.actor, permission=Permission.LIST_RECORDS, today=request.today)


class Welcome(StandaloneForm):
    """Search who may already be known; then register a person, open their record, begin their stay.

    A form shown with people who look alike carries their mark: whoever sends it sets those apart, and nobody
    else. INSi is called next, on the identity page.
    """

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    template = "people/new.html"
    record: Record | None = None
    typed: Traits | None = None

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        if STEP in request.POST:
            return super().post(request, **kwargs)
        search = SearchForm(request.POST)
        if not search.is_valid():
            return self._shown(search, 422)
        self.typed = SearchForm.traits(search.cleaned_data)
        return self._shown(self.welcoming(initial={name: search[name].value() for name in search.fields}))

    def form(self, data: Any = None) -> Any:
        return SearchForm() if data is None else self.welcoming(data)

    def welcoming(self, data: Any = None, initial: Mapping[str, Any] = MappingProxyType({})) -> WelcomeForm:
        scope, today = scope_of(self.request), self.request.today
        here = {"starts_on": today, "where": f"{scope.establishment_id}:{scope.unit_id or ''}"}
        places = self.actor.places_with(self.permission)
        return WelcomeForm(data, houses=scope.houses, places=places, today=today, initial={**here, **initial})

    def save(self, fields: dict[str, Any]) -> None:
        house, _, unit = fields.pop("where").partition(":")
        self.typed = traits = WelcomeForm.traits(fields)
        shown = {person.pk for person in alike(traits)}
        self.record = welcome(
            traits=traits,
            establishment=Establishment.objects.get(pk=house),
            unit=Unit.objects.get(pk=unit) if unit else None,
            starts_on=fields.pop("starts_on"),
            by=self.actor.professional,
            set_apart=shown if self.request.POST.get(APART) == _mark(shown) else (),
            **fields,
        )

    def heading(self) -> str:
        return "Accueillir une personne"

    def done(self) -> str:
        who = self.record.person if self.record else ""
        return f"Dossier ouvert : {who}. Son séjour est noté."

    def back(self) -> HttpResponse:
        return redirect("records:identity", self.record.pk) if self.record else redirect("people:list")

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        people = alike(self.typed) if self.typed else []
        visible = Record.objects.visible_to(self.actor, today=self.request.today)
        known = list(visible.filter(person__in=people).with_identity())
        shows(self.request, [record.pk for record in known])
        known.sort(key=lambda record: people.index(record.person))
        shown = tiles(self.request, known)
        return super().show(
            status,
            alike=[_alike(tile, record, self.typed) for tile, record in zip(shown, known, strict=True)],
            elsewhere=len(people) - len({record.person_id for record in known}),
            apart=_mark({person.pk for person in people}) if people else "",
            searched=isinstance(context["form"], WelcomeForm),
            looks_up_ins=self.actor.may(Permission.QUALIFY_IDENTITY),
            **context,
        )


def _mark(people: Collection[uuid.UUID]) -> str:
    """These very people, as a mark that says nothing of them."""
    return salted_hmac("people.set_apart", repr(sorted(map(str, people))), algorithm="sha256").hexdigest()


def _alike(tile: dict[str, Any], record: Record, typed: Traits | None) -> dict[str, Any]:
    """Somebody known, as one tells them from another: birth, house, room, and what is not as typed."""
    person = record.person
    told = ("birth_name", "first_name", "birth_date")
    unlike = differences(typed, person.traits) if typed else []
    return {
        **tile,
        "birth_name": person.birth_name,
        "born": dates.birth_date_label(person.traits.birth_date, person.traits.birth_date_precision),
        "sex": person.get_sex_display(),
        "house": str(record.establishment),
        "unlike": [TRAIT_NAMES[name] for name in told if TRAIT_NAMES[name] in unlike],
    }
