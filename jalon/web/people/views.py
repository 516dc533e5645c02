"""List and search of the people one may see."""

import datetime as dt
import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.core.identifiers import check_ins, compact
from jalon.people.models import ins_digest
from jalon.people.queries import by_words
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.models import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.home.views import tiles
from jalon.web.http import Request
from jalon.web.place import records_here, scope_of

DAY = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
SHOWN = 200
QUICK = 8


def found(records: RecordQuerySet, words: str) -> RecordQuerySet:
    """Records of the people these words name: names in any order, a birth date, or a whole matricule INS."""
    if check_ins(compact(words).upper()):
        return records.filter(person__ins_digest=ins_digest(compact(words).upper()))
    birth, rest = _birth_date(words)
    return records.filter(by_words(rest, birth))


def _birth_date(words: str) -> tuple[dt.date | None, str]:
    match = DAY.search(words)
    if not match:
        return None, words
    day, month, year = (int(part) for part in match.groups())
    try:
        return dt.date(year, month, day), words.replace(match.group(), " ")
    except ValueError:
        return None, words


class PeopleList(ProfessionalView):
    """Everyone of the chosen place, or those a search finds in every place one may see."""

    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        records = found(everywhere(request), words) if words else records_here(request)
        page = list(records.with_identity().in_french_order()[: SHOWN + 1])
        context = {
            "q": words,
            "tiles": tiles(page[:SHOWN]),
            "more": len(page) > SHOWN,
            "scope": scope_of(request),
        }
        return render(request, "people/list.html", context, using="jinja2")


class Search(ProfessionalView):
    """The few first people of a search, for the palette."""

    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        records = found(everywhere(request), words) if words else everywhere(request).none()
        context: dict[str, Any] = {
            "q": words,
            "tiles": tiles(list(records.with_identity().in_french_order()[:QUICK])),
        }
        return render(request, "people/search_results.html", context, using="jinja2")


def everywhere(request: Request) -> RecordQuerySet:
    """Every record this professional may see, whatever the chosen place."""
    if request.actor is None:
        return Record.objects.none()
    return Record.objects.visible_to(request.actor, permission=Permission.LIST_RECORDS, today=request.today)
