"""The pages that change a setting, an address or a unit."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.setup import actions as setup
from jalon.setup.queries import Told, told
from jalon.web.areas.settings.forms import AddressForm, UnitForm, ValueForm
from jalon.web.areas.settings.spots import SettingsView, address, home
from jalon.web.standalone import StandaloneForm


class Edit(SettingsView, StandaloneForm):
    """One setting of one place."""

    template = "settings/edit.html"

    def told(self) -> Told:
        (found,) = told([self.setting()], self.spot())
        return found

    def form(self, data: Any = None) -> ValueForm:
        return ValueForm(data, setting=self.setting(), value=self.told().value, spot=self.spot())

    def hold(self, form: ValueForm) -> None:
        setup.alone()

    def overtaker(self, form: ValueForm) -> str:
        return self.told().who

    def save(self, fields: dict[str, Any]) -> None:
        try:
            setup.set_value(
                setting=self.setting(), spot=self.spot(), text=fields["value"], by=self.actor.professional
            )
        except DomainError as refusal:
            raise DomainError(refusal.message, code=refusal.code, place="value") from refusal

    def heading(self) -> str:
        return self.setting().words

    def done(self) -> str:
        return f"Réglé : {self.setting().words}."

    def back(self) -> HttpResponse:
        return redirect(home(self.spot()))

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        one, spot = self.told(), self.spot()
        reset = address(spot, "reset", one.setting.name) if one.own else ""
        return super().show(status, told=one, spot=spot, reset=reset, **context)


class Reset(SettingsView):
    """Back to what holds when nothing is set here."""

    def post(self, request: Request, **named: Any) -> HttpResponse:
        setup.reset(setting=self.setting(), spot=self.spot(), by=self.actor.professional)
        messages.success(request, "Revenu à la valeur par défaut.")
        return redirect(home(self.spot()))


class Address(SettingsView, StandaloneForm):
    """The name, the address and the mailbox of an establishment."""

    def form(self, data: Any = None) -> AddressForm:
        return AddressForm(data, instance=self.house())

    def save(self, fields: dict[str, Any]) -> None:
        setup.edit_establishment(establishment=self.house(), by=self.actor.professional, **fields)

    def heading(self) -> str:
        return str(self.house())

    def done(self) -> str:
        return "Coordonnées de l’établissement mises à jour."

    def back(self) -> HttpResponse:
        return redirect("settings:house", self.kwargs["house_id"])


class AddUnit(SettingsView, StandaloneForm):
    """A unit more."""

    def form(self, data: Any = None) -> UnitForm:
        return UnitForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        setup.add_unit(establishment=self.house(), by=self.actor.professional, **fields)

    def heading(self) -> str:
        return f"Ajouter une unité à {self.house()}"

    def done(self) -> str:
        return "Unité ajoutée."

    def back(self) -> HttpResponse:
        return redirect("settings:house", self.kwargs["house_id"])


class RenameUnit(SettingsView, StandaloneForm):
    """Another name for a unit."""

    def form(self, data: Any = None) -> UnitForm:
        return UnitForm(data, instance=self.unit())

    def save(self, fields: dict[str, Any]) -> None:
        setup.rename_unit(unit=self.unit(), by=self.actor.professional, **fields)

    def heading(self) -> str:
        return f"Renommer l’unité {self.unit().name}"

    def done(self) -> str:
        return "Unité renommée."

    def back(self) -> HttpResponse:
        return redirect("settings:unit", self.kwargs["unit_id"])
