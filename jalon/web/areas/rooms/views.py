"""« Toutes les pièces »: what is open to me, what is in my menu, what is closed and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.http import Request
from jalon.organizations.words import Word
from jalon.staff.rules import NO_CONTENT, Functions, Permission
from jalon.web.area import Family
from jalon.web.gate import ProfessionalView, openers
from jalon.web.menu import Place, State, places
from jalon.web.place import scope_of, word_of


class Rooms(ProfessionalView):
    """Every room, by family, in the order of the menus."""

    permission = Permission.ENTER
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        every, word, functions = places(request, self.actor), word_of(request), self.functions()
        context = {
            "scope": scope_of(request),
            "families": [
                (family.value, found) for family in Family if (found := _of(family, every, word, functions))
            ],
            "count": sum(place.state is State.MENU for place in every),
            "closed": [place.room.said(word) for place in every if place.state is State.CLOSED],
        }
        return render(request, "rooms/index.html", context, using="jinja2")


def _of(family: Family, every: list[Place], word: Word, functions: Functions) -> list[dict[str, Any]]:
    return [_shown(place, word, functions) for place in every if place.room.family is family]


def _shown(place: Place, word: Word, functions: Functions) -> dict[str, Any]:
    """`url`: where a link leads, nowhere for what the establishment closed."""
    forbidden, closed = place.state is State.FORBIDDEN, place.state is State.CLOSED
    return {
        "label": place.room.said(word),
        "about": place.room.about,
        "icon": place.room.icon,
        "url": "" if closed else place.room.url,
        "in_menu": place.state is State.MENU,
        "closed": closed,
        "openers": ", ".join(openers(place.room.permission, functions)) if forbidden else "",
    }
