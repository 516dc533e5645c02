"""The pages that give, change and end the functions of somebody, and note that they left."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.core.errors import DomainError
from jalon.setup import accounts
from jalon.setup.accounts import Work
from jalon.staff.models import Professional
from jalon.web.areas.staff.forms import DepartureForm, FunctionForm, LastDayForm, WorkForm
from jalon.web.areas.staff.reach import StaffView, rows_of, spot
from jalon.web.standalone import StandaloneForm

ELSEWHERE = (
    "Cette personne travaille aussi là où vous ne tenez pas les comptes. Terminez ses affectations ici ; "
    "son départ se note là où sont les autres."
)


class Assign(StaffView, StandaloneForm):
    """One more function for somebody."""

    def form(self, data: Any = None) -> WorkForm:
        return WorkForm(data, spots=self.spots(), initial={"starts_on": self.request.today})

    def save(self, fields: dict[str, Any]) -> None:
        house, unit = spot(fields["place"])
        work = Work(fields["role"], house, unit, fields["starts_on"], fields["ends_on"])
        accounts.assign(professional=self.colleague(), work=work, by=self.actor.professional)

    def heading(self) -> str:
        return f"Ajouter une affectation à {self.colleague()}"

    def done(self) -> str:
        return "Affectation ajoutée."

    def back(self) -> HttpResponse:
        return redirect("staff:one", self.kwargs["colleague_id"])


class OneMembership(StaffView, StandaloneForm):
    """A page about one membership: it leads back to whose it is."""

    def back(self) -> HttpResponse:
        return redirect("staff:one", self.membership().professional_id)


class ChangeFunction(OneMembership):
    """Another function in the same house, from a day on."""

    def form(self, data: Any = None) -> FunctionForm:
        one = self.membership()
        held = f"{one.establishment_id} {one.unit_id}" if one.unit_id else str(one.establishment_id)
        initial = {"role": one.role, "place": held, "starts_on": max(self.request.today, one.starts_on)}
        return FunctionForm(data, spots=self.spots(one.establishment_id), initial=initial)

    def save(self, fields: dict[str, Any]) -> None:
        _, unit = spot(fields["place"])
        accounts.change_function(
            membership=self.membership(),
            role=fields["role"],
            unit=unit,
            since=fields["starts_on"],
            by=self.actor.professional,
        )

    def heading(self) -> str:
        return f"Changer la fonction de {self.membership().professional}"

    def notice(self) -> str:
        return "L’affectation d’aujourd’hui finit la veille du jour choisi."

    def done(self) -> str:
        return "Fonction changée."


class EndMembership(OneMembership):
    """The last day of a function."""

    def form(self, data: Any = None) -> LastDayForm:
        return LastDayForm(data, membership=self.membership(), today=self.request.today)

    def save(self, fields: dict[str, Any]) -> None:
        accounts.end_membership(
            membership=self.membership(), ends_on=fields["ends_on"], by=self.actor.professional
        )

    def heading(self) -> str:
        one = self.membership()
        return f"Terminer une affectation de {one.professional} : {one.get_role_display()}"

    def notice(self) -> str:
        return "Le droit d’ouvrir des dossiers s’arrête à la fin de ce jour. Ses écrits restent."

    def done(self) -> str:
        return "Dernier jour noté."


class Leave(StaffView, StandaloneForm):
    """Somebody leaves, now."""

    template = "staff/leave.html"

    def form(self, data: Any = None) -> DepartureForm:
        return DepartureForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        who, today = self.colleague(), self.request.today
        if self._works_elsewhere(who):
            raise DomainError(ELSEWHERE, code="works_elsewhere")
        accounts.leave(professional=who, today=today, by=self.actor.professional)

    def _works_elsewhere(self, who: Professional) -> bool:
        others = rows_of(who).exclude(self.mine)
        return others.exclude(ends_on__lt=self.request.today).exists()

    def heading(self) -> str:
        return f"Noter le départ de {self.colleague()}"

    def notice(self) -> str:
        return (
            "Ses affectations finissent aujourd’hui. Son accès s’arrête tout de suite, partout. "
            "Ses écrits et ses traces restent."
        )

    def done(self) -> str:
        return "Départ noté. Son accès est fermé."

    def back(self) -> HttpResponse:
        return redirect("staff:one", self.kwargs["colleague_id"])
