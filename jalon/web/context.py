"""What every page receives: who is asking, where, the menu with what waits."""

from typing import Any

from django.conf import settings
from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from jalon.exchange.queries import waiting_receptions
from jalon.faces.http import Request
from jalon.staff.models import Permission, Role
from jalon.staff.queries import Actor
from jalon.web.place import Scope, scope_of

# label, icon, URL name, permission
MENU = (
    ("Ma journée", "house", "home:day", Permission.LIST_RECORDS),
    ("Relève", "messages-square", "handover:list", Permission.READ_NOTES),
    ("Agenda", "calendar-days", "agenda:week", Permission.READ_AGENDA),
    ("Usagers", "users", "people:list", Permission.LIST_RECORDS),
    ("Carnet d’adresses", "book-open", "directory:list", Permission.OPEN_RECORD),
    ("Messagerie", "inbox", "exchange:inbox", Permission.MATCH_RECEPTION),
    ("Indicateurs", "chart-column", "indicators:index", Permission.READ_INDICATORS),
    ("Transferts", "share-2", "transfers:import", Permission.TRANSFER_RECORDS),
    ("Comptes", "id-card", "staff:list", Permission.MANAGE_STAFF),
)


def shell(request: Request) -> dict[str, Any]:
    """Context of the base layout."""
    actor: Actor | None = getattr(request, "actor", None)
    theme = request.user.theme if request.user.is_authenticated else request.COOKIES.get("affichage", "")
    base = {"demo": settings.DEMO, "theme": theme, "me": None, "nav": [], "unit": None, "places": []}
    # One token for the page's many forms: each use of Django's own would draw and mask another.
    base["csrf_input"] = SimpleLazyObject(lambda: csrf_input(request))
    if actor is None:
        return base
    scope = scope_of(request)
    return {
        **base,
        "me": _me(actor),
        "nav": _menu(request, actor, scope),
        "unit": scope,
        "places": _places(actor, scope),
    }


def _me(actor: Actor) -> dict[str, Any]:
    who = actor.professional
    roles = ", ".join(Role(role).label for role in sorted(actor.roles))
    return {
        "name": str(who),
        "initials": f"{who.first_name[:1]}{who.last_name[:1]}",
        "role": who.job or roles,
        "id": who.pk,
    }


def _menu(request: Request, actor: Actor, scope: Scope) -> list[dict[str, Any]]:
    current = request.resolver_match.view_name if request.resolver_match else ""
    waiting = waiting_receptions(scope.establishment_ids) if actor.may(Permission.MATCH_RECEPTION) else 0
    return [
        {
            "label": label,
            "icon": icon,
            "url": reverse(name),
            "current": current.split(":")[0] == name.split(":")[0],
            "count": waiting if name == "exchange:inbox" else 0,
        }
        for label, icon, name, permission in MENU
        if actor.may(permission)
    ]


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
