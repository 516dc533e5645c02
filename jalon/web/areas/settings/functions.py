"""« Fonctions et droits »: the table of the product, that of a house, a right that its director changes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.organizations.models import Establishment
from jalon.setup.functions import change_right
from jalon.setup.queries import Change, changes_of_functions
from jalon.staff.limits import NEEDS, is_changeable, may_have
from jalon.staff.queries import functions_of
from jalon.staff.rules import PERMISSIONS, Permission, Role
from jalon.web.areas.settings.spots import SettingsView

P = Permission
SUBJECTS = (
    (
        "Lire, selon ce dont il s’agit",
        (
            P.READ_DAILY, P.READ_EDUCATIONAL, P.READ_SOCIAL, P.READ_HEALTH, P.READ_PSYCHOLOGICAL,
            P.READ_JUSTICE, P.READ_ADMINISTRATIVE,
        ),
    ),
    ("Transmissions", (P.READ_NOTES, P.WRITE_NOTE, P.WRITE_NEWS)),
    ("Projet personnalisé", (P.READ_PLAN, P.WRITE_PLAN, P.SIGN_PLAN)),
    ("Documents", (P.READ_DOCUMENTS, P.ADD_DOCUMENT, P.SEND_DOCUMENT)),
    ("Agenda", (P.READ_AGENDA, P.WRITE_AGENDA)),
    (
        "Identité et courrier",
        (P.EDIT_PERSON, P.READ_INS, P.QUALIFY_IDENTITY, P.MATCH_RECEPTION, P.OPEN_RECEPTION),
    ),
    ("Accès au dossier", (P.READ_ACCESSES, P.GRANT_ACCESS, P.BREAK_GLASS, P.SIMULATE_RIGHTS)),
    ("Pilotage", (P.READ_INDICATORS,)),
)  # fmt: skip
"""What a house may change, by subject. The rest is of the product."""


@dataclass(frozen=True)
class Line:
    """One right of a function, in a house: is it there, who changed it, why it cannot change."""

    permission: Permission
    held: bool
    change: Change | None
    closed: bool
    needs: str


def line(role: Role, permission: Permission, held: frozenset[Permission], change: Change | None) -> Line:
    """`held`: all that the function allows in this house."""
    need = NEEDS.get(permission)
    return Line(
        permission,
        permission in held,
        change,
        closed=not may_have(role, permission),
        needs=need.label if need and need not in held else "",
    )


class Functions(SettingsView):
    """What each function may do by the rule of the product, in one table."""

    def get(self, request: Request) -> HttpResponse:
        fixed = tuple(one for one in Permission if not is_changeable(one))
        context = {
            "roles": list(Role),
            "subjects": [
                (label, _marks(those)) for label, those in (*SUBJECTS, ("Fixé par le produit", fixed))
            ],
            "houses": self.mine.order_by("name", "pk"),
        }
        return render(request, "settings/functions.html", context, using="jinja2")


def _marks(permissions: tuple[Permission, ...]) -> list[tuple[str, list[bool]]]:
    return [(one.label, [one in PERMISSIONS[role] for role in Role]) for one in permissions]


class FunctionsView(SettingsView):
    """A function of one house."""

    def role(self) -> Role:
        if self.kwargs["role"] not in list(Role):
            raise Http404
        return Role(self.kwargs["role"])


class HouseFunctions(SettingsView):
    """Each function of one house, with what was changed there."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        house = self.house()
        held, changes = functions_of(house.pk), changes_of_functions(house)
        rows = [
            (role, len(held[role]), [one for (whose, _), one in changes.items() if whose == role])
            for role in Role
        ]
        return render(
            request, "settings/house_functions.html", {"house": house, "rows": rows}, using="jinja2"
        )


class OneFunction(FunctionsView):
    """What a function allows in one house, right by right."""

    def get(self, request: Request, **named: Any) -> HttpResponse:
        house, role = self.house(), self.role()
        held, changes = functions_of(house.pk)[role], changes_of_functions(house)
        mine = role in {place.role for place in self.actor.places if place.establishment_id == house.pk}
        may = house.pk in {
            place.establishment_id
            for place in self.actor.places_with(Permission.CHANGE_RIGHTS)
            if place.unit_id is None
        }
        context = {
            "house": house,
            "role": role,
            "mine": mine,
            "may_change": may and not mine,
            "subjects": [
                (label, [line(role, one, held, changes.get((role, one))) for one in those])
                for label, those in SUBJECTS
            ],
        }
        return render(request, "settings/function.html", context, using="jinja2")


class ChangeRight(FunctionsView):
    """A right given to a function of a house, or taken away, by whoever directs the whole of it."""

    permission = Permission.CHANGE_RIGHTS

    @property
    def mine(self) -> QuerySet[Establishment]:
        whole = [place for place in self.actor.places_with(self.permission) if place.unit_id is None]
        return Establishment.objects.filter(pk__in={place.establishment_id for place in whole})

    def post(self, request: Request, **named: Any) -> HttpResponse:
        house, role = self.house(), self.role()
        asked, given = request.POST.get("droit"), request.POST.get("donner")
        if asked not in list(Permission) or given not in ("oui", "non"):
            raise Http404
        permission = Permission(asked)
        try:
            changed = change_right(
                establishment=house,
                role=role,
                permission=permission,
                given=given == "oui",
                today=request.today,
                by=self.actor.professional,
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            done = "donné" if given == "oui" else "retiré"
            messages.success(request, f"Droit {done} : {permission.label}." if changed else "Rien ne change.")
        return redirect("settings:function", house.pk, role.value)
