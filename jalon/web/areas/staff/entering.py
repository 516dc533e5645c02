"""The pages of a first sign-in: inviting somebody, again or not at all, and recognizing who came."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from jalon.faces.http import Request
from jalon.setup import invitations
from jalon.setup.accounts import Work
from jalon.setup.invitations import Invited
from jalon.staff.actions import Newcomer
from jalon.web.areas.staff.forms import CodeForm, GestureForm, InviteForm
from jalon.web.areas.staff.reach import StaffView, spot
from jalon.web.standalone import StandaloneForm


class Inviting(StaffView, StandaloneForm):
    """A page that answers with a link, shown once."""

    invited: Invited | None = None

    def post(self, request: Request, **named: Any) -> HttpResponse:
        answer = super().post(request, **named)
        if self.invited is None:
            return answer
        context = {"one": self.invited.professional, "link": self.invited.link, "mailed": self.invited.mailed}
        return render(request, "staff/invited.html", context, using="jinja2")

    def tell(self, request: Request) -> None:
        """The answer says it, with the link."""

    def done(self) -> str:
        return "Invitation prête."


class Invite(Inviting):
    """Somebody new."""

    def form(self, data: Any = None) -> InviteForm:
        return InviteForm(data, spots=self.spots(), initial={"starts_on": self.request.today})

    def save(self, fields: dict[str, Any]) -> None:
        named = ("email", "first_name", "last_name", "rpps", "job")
        house, unit = spot(fields["place"])
        self.invited = invitations.invite(
            who=Newcomer(**{name: fields[name] for name in named}),
            work=Work(fields["role"], house, unit, fields["starts_on"], fields["ends_on"]),
            known=fields["known"],
            by=self.actor.professional,
            now=self.request.moment.now,
        )

    def heading(self) -> str:
        return "Inviter quelqu’un"

    def notice(self) -> str:
        return (
            "Le lien de l’invitation sert à choisir un mot de passe et un second facteur. Il n’ouvre aucun "
            "dossier tant que vous n’avez pas reconnu la personne."
        )

    def back(self) -> HttpResponse:
        return redirect("staff:list")


class OfColleague(StaffView, StandaloneForm):
    """A page about the account of somebody: it leads back to them."""

    def form(self, data: Any = None) -> forms.Form:
        return GestureForm(data)

    def back(self) -> HttpResponse:
        return redirect("staff:one", self.kwargs["colleague_id"])


class InviteAgain(OfColleague, Inviting):
    """Another link for somebody who has not come yet."""

    template = "staff/invite_again.html"

    def save(self, fields: dict[str, Any]) -> None:
        self.invited = invitations.invite_again(
            professional=self.colleague(), by=self.actor.professional, now=self.request.moment.now
        )

    def heading(self) -> str:
        return f"Renvoyer une invitation à {self.colleague()}"

    def notice(self) -> str:
        return "Le lien d’avant n’ouvrira plus rien, ni ce qu’il a servi à choisir."


class Cancel(OfColleague):
    """An invitation taken back."""

    template = "staff/invite_cancel.html"

    def save(self, fields: dict[str, Any]) -> None:
        invitations.cancel(professional=self.colleague(), by=self.actor.professional)

    def heading(self) -> str:
        return f"Annuler l’invitation de {self.colleague()}"

    def notice(self) -> str:
        return "Le lien n’ouvrira plus rien. Les affectations restent : notez un départ pour les finir."

    def done(self) -> str:
        return "Invitation annulée."


class Confirm(OfColleague):
    """Somebody is there, or heard: it is they who made the password and the factor."""

    template = "staff/confirm.html"

    def form(self, data: Any = None) -> CodeForm:
        return CodeForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        invitations.confirm(professional=self.colleague(), code=fields["code"], by=self.actor.professional)

    def heading(self) -> str:
        return f"Reconnaître {self.colleague()}"

    def notice(self) -> str:
        return (
            "La personne est devant vous, ou vous reconnaissez sa voix : elle vous lit le code de son écran. "
            "Ne le prenez ni d’un message ni d’un inconnu."
        )

    def done(self) -> str:
        return "Personne reconnue : son accès est ouvert."
