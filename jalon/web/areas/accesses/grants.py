"""A record opened to somebody for a time, with a reason, and taken back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from jalon.faces.http import Request, as_uuid
from jalon.records import actions as records
from jalon.staff.rules import NO_CONTENT, ContentClass, Permission
from jalon.web.areas.accesses.forms import GrantForm
from jalon.web.gate import RecordView
from jalon.web.shown.record_page import EditPage


class Give(EditPage[Any]):
    """To whom, why, from when to when."""

    permission = Permission.GRANT_ACCESS
    content = frozenset({ContentClass.DAILY})
    shown_at = "accesses"

    def form(self, data: Any = None) -> Any:
        return GrantForm(data, today=self.request.today)

    def save(self, fields: Any) -> None:
        records.grant(record=self.record, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Ouvrir ce dossier à quelqu’un pour un temps"

    def done(self) -> str:
        return "Dossier ouvert\N{NO-BREAK SPACE}: cette personne le trouve dans sa recherche."


class End(RecordView):
    """« Reprendre »: it is no longer open to them, at once."""

    permission = Permission.GRANT_ACCESS
    content = NO_CONTENT

    def post(self, request: Request) -> HttpResponse:
        named = as_uuid(request.POST.get("habilitation"))
        given = self.record.grants.filter(pk=named, until=None).first() if named else None
        if given is None:
            raise Http404
        records.end_grant(given=given, by=self.actor.professional)
        messages.success(request, f"Le dossier n’est plus ouvert à {given.professional}.")
        return redirect("records:accesses", self.record.pk)
