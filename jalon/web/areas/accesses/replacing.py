"""A function given to somebody for some days, in place of somebody else; and taken back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from jalon.faces.http import Request, as_uuid
from jalon.records import replacing
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.areas.accesses.forms import ReplaceForm
from jalon.web.gate import ProfessionalView
from jalon.web.standalone import StandaloneForm


class Replace(StandaloneForm):
    """Whose function, to whom, why, from when to when."""

    permission = Permission.GRANT_ACCESS
    content = NO_CONTENT
    template = "accesses/replace.html"

    def form(self, data: Any = None) -> ReplaceForm:
        works = replacing.lendable(self.actor)
        return ReplaceForm(data, today=self.request.today, works=works, me=self.actor.professional)

    def save(self, fields: dict[str, Any]) -> None:
        replacing.replace(actor=self.actor, now=self.request.moment.now, **fields)

    def heading(self) -> str:
        return "Confier une fonction pour un remplacement"

    def notice(self) -> str:
        return "Le remplacement finit de lui-même. Les deux personnes le lisent dans « Droits »."

    def done(self) -> str:
        return "Remplacement noté."

    def back(self) -> HttpResponse:
        return redirect("accesses:index")


class EndReplacement(ProfessionalView):
    """« Terminer »: at once."""

    permission = Permission.GRANT_ACCESS
    content = NO_CONTENT

    def post(self, request: Request) -> HttpResponse:
        named = as_uuid(request.POST.get("remplacement"))
        places = self.actor.places_with(self.permission)
        found = replacing.given_in(places, request.today).filter(pk=named).first() if named else None
        if found is None:
            raise Http404
        replacing.end(replacement=found, today=request.today, by=self.actor.professional)
        messages.success(request, f"Le remplacement de {found.replaced} est terminé.")
        return redirect("accesses:index")
