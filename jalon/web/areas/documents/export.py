"""A record that leaves the house, as a file another software reads."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.core.errors import DomainError
from jalon.exchange.transfer.exporter import export_file
from jalon.faces.http import Request
from jalon.staff.rules import EVERY_CONTENT, Permission
from jalon.web.gate import RecordView


def may_export(view: RecordView) -> bool:
    """The file holds the whole record: whoever opens none (SC.SSI/GEN.16) exports none."""
    return view.may(Permission.TRANSFER_RECORDS) and view.may(Permission.OPEN_RECORD)


class Export(RecordView):
    """The Bundle of the record (TDDUI), named by the record and the day, never by the person."""

    permission = Permission.TRANSFER_RECORDS
    content = EVERY_CONTENT

    def post(self, request: Request) -> HttpResponse:
        if not may_export(self):
            self.refuse("Votre rôle n’ouvre pas ce dossier : il ne l’exporte pas.", self.record.pk)
        try:
            data = export_file(self.record, by=self.actor.professional)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("records:documents", self.record.pk)
        name = f"dossier-{self.record.pk}-{request.today.isoformat()}.json"
        return HttpResponse(
            data,
            content_type="application/fhir+json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
