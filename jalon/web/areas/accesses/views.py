"""Who opened a record."""

from django.http import HttpResponse

from jalon.audit.queries import accesses_of
from jalon.faces.http import Request
from jalon.staff.models import Permission
from jalon.web.shown.record_page import Page
from jalon.web.tabs import SEEN


class Accesses(Page):
    """Who opened this record."""

    permission = Permission.READ_ACCESSES
    template = "accesses/list.html"

    def get(self, request: Request) -> HttpResponse:
        rows = [{**row, "label": SEEN.get(row["page"], row["page"])} for row in accesses_of(self.record.pk)]
        return self.show(accesses=rows)
