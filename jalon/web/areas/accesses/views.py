"""Who opened a record."""

from django.http import HttpResponse

from jalon.audit.queries import accesses_of
from jalon.faces.http import Request
from jalon.staff.rules import Permission
from jalon.web.registry import seen
from jalon.web.shown.record_page import Page

# What a command opened, where areas say the words of their pages.
COMMANDS = {
    "record show": "Dossier, par commande",
    "record identify": "Identité, par commande",
    "plan write": "Projet, par commande",
    "plan sign": "Signature, par commande",
    "plan publish": "Publication, par commande",
    "mail file": "Document reçu, par commande",
}


class Accesses(Page):
    """Who opened this record."""

    permission = Permission.READ_ACCESSES
    template = "accesses/list.html"

    def get(self, request: Request) -> HttpResponse:
        words = seen() | COMMANDS
        rows = [{**row, "label": words.get(row["page"], row["page"])} for row in accesses_of(self.record.pk)]
        return self.show(accesses=rows)
