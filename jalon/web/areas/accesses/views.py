"""Who opened a record."""

from django.db.models import Q
from django.http import HttpResponse

from jalon.audit.queries import accesses_of
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.accesses.sittings import sittings
from jalon.web.registry import rooms, seen
from jalon.web.shown.record_page import Page

# Pages that show several people, where their room has another word.
PAGES = {
    "people:search": "Recherche rapide",
    "accesses:answer": "Demande d’accès",
    "accesses:review": "Urgence, à relire",
    "accesses:simulator": "Simulateur de droits",
    "people:new": "Accueil d’une personne, personnes proches",
    "handover:write": "Nouvelle note, choix de la personne",
    "indicators:proof": "Pilotage, dossiers à compléter",
    "exchange:message": "Message reçu, personnes proches",
    "transfers:report": "Bilan d’un transfert",
}
# What a command opened, where areas say the words of their pages.
COMMANDS = {
    "record show": "Dossier, par commande",
    "record find": "Recherche, par commande",
    "record identify": "Identité, par commande",
    "plan write": "Projet, par commande",
    "plan sign": "Signature, par commande",
    "plan publish": "Publication, par commande",
    "mail list": "Messagerie, par commande",
    "mail file": "Document reçu, par commande",
    "tddui export": "Export du dossier, par commande",
}


def words_of_pages() -> dict[str, str]:
    """What the list calls each page and command that a trace names."""
    return {room.url: room.label for _, room in rooms()} | PAGES | seen() | COMMANDS


class Accesses(Page):
    """Who opened this record."""

    permission = Permission.READ_ACCESSES
    content = frozenset({ContentClass.DAILY})
    template = "accesses/list.html"

    def get(self, request: Request) -> HttpResponse:
        words = words_of_pages()
        page = leaf(request, accesses_of(self.record.pk))
        rows = [{**row, "label": words.get(row["page"], row["page"])} for row in page.rows]
        shown = Q(ends_on__gte=request.today) | Q(until__isnull=False)
        given = self.record.grants.filter(shown).select_related("professional")
        return self.show(
            sittings=sittings(rows),
            page=page,
            grants=list(given.order_by("ends_on", "pk")),
            may_grant=self.may(Permission.GRANT_ACCESS),
        )
