"""What every page receives: who is asking, where, the menu with what waits."""

from typing import Any

from django.conf import settings
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from jalon.db.encryption import keyed_hash
from jalon.faces.http import Request
from jalon.faces.sent import key_input
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission
from jalon.web.account.post import token_of
from jalon.web.account.situation import shown as situation_of
from jalon.web.account.strength import is_strong
from jalon.web.menu import bar, menu, more
from jalon.web.place import Scope, scope_of, word_of

FRAME = "layout/base.html"  # what goes wrong is told inside it, once somebody is in


def shell(request: Request) -> dict[str, Any]:
    """Context of the base layout."""
    actor: Actor | None = getattr(request, "actor", None)
    user = getattr(request, "user", None)  # none yet when the very address asked for is refused
    theme = user.theme if user and user.is_authenticated else request.COOKIES.get("affichage", "")
    turn = token_of(request) if hasattr(request, "session") else ""
    base = {
        "turn": turn,
        "back_to": request.path,
        "demo": settings.DEMO,
        "theme": theme,
        "me": None,
        "nav": [],
        "unit": None,
        "places": [],
        "may_search": False,
        "may_note": False,
    }
    # One token and one key for the page's many forms: each use of Django's own would draw and mask another.
    base["csrf_input"] = SimpleLazyObject(lambda: csrf_input(request) + key_input())
    if actor is None:
        return base
    scope = scope_of(request)
    nav = menu(request, actor)
    return {
        **base,
        **_frame(request),
        "me": _me(actor),
        "work": situation_of(request),
        "nav": nav,
        "bar": bar(nav),
        "plus": more(request, nav),
        "word": word_of(request),
        "may_search": actor.may(Permission.LIST_RECORDS),
        "may_note": actor.may(Permission.WRITE_NOTE),
        "unit": scope,
        "places": _places(actor, scope),
        "several_bodies": len(request.bodies) > 1,
    }


def _frame(request: Request) -> dict[str, str]:
    inside = request.user.is_authenticated and is_strong(request, request.user)
    return {"frame": FRAME} if inside else {}


def _me(actor: Actor) -> dict[str, Any]:
    who = actor.professional
    return {
        "name": str(who),
        "initials": f"{who.first_name[:1]}{who.last_name[:1]}",
        "role": who.job or actor.function,
        "id": who.pk,
        "draft_key": keyed_hash(str(who.pk), context="draft"),
    }


def _places(actor: Actor, scope: Scope) -> list[dict[str, Any]]:
    """The establishments and units the professional may switch to."""
    whole = {place.establishment_id for place in actor.places if place.unit_id is None}
    mine = {place.unit_id for place in actor.places if place.unit_id}
    return [
        {
            "id": house.id,
            "name": house.name,
            "whole": house.id in whole,
            "units": [
                {"id": unit_id, "name": name}
                for unit_id, name in house.units.items()
                if house.id in whole or unit_id in mine
            ],
        }
        for house in scope.houses
    ]
