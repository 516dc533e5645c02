"""A paper of elsewhere that somebody adds to a record, and takes back when it was a mistake."""

from typing import Any, TypedDict

from django.http import Http404, HttpResponse

from jalon.core.dates import PartialDate
from jalon.documents import actions
from jalon.documents.kinds import usual
from jalon.documents.models import Document
from jalon.documents.queries import of_classes
from jalon.faces.uploads import TOO_BIG
from jalon.organizations.models import Structure
from jalon.staff.queries import outsiders
from jalon.staff.rules import EVERY_CONTENT, ContentClass, Permission, classes_read
from jalon.web.areas.documents.forms import PaperForm, TakeBackForm
from jalon.web.shown.record_page import EditPage

OFFERED = 200


class Paper(TypedDict):
    """What is said of a paper."""

    paper: bytes
    type_code: str
    title: str
    dated: PartialDate | None
    author_label: str


class Reason(TypedDict):
    """Why a paper goes."""

    reason: str


class Add(EditPage[Paper]):
    """A PDF or a picture, what it is, whose it is."""

    permission = Permission.ADD_DOCUMENT
    content = frozenset({ContentClass.DAILY})
    template = "documents/add.html"
    shown_at = "documents"

    def form(self, data: Any = None) -> Any:
        too_big = hasattr(self.request, TOO_BIG)
        files = self.request.FILES if data is not None and not too_big else None
        classes = classes_read(self.permissions)
        return PaperForm(data, files, usual=usual(self.actor.roles), classes=classes, too_big=too_big)

    def save(self, fields: Paper) -> None:
        actions.add(record=self.record, by=self.actor.professional, moment=self.request.moment, **fields)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return super().show(status, authors=_authors(), **context)

    def heading(self) -> str:
        return "Ajouter un document"

    def done(self) -> str:
        return "Document ajouté."


class TakeBack(EditPage[Reason]):
    """It was filed by mistake: why is asked, and kept."""

    permission = Permission.ADD_DOCUMENT
    content = EVERY_CONTENT
    template = "documents/take_back.html"
    shown_at = "documents"

    @property
    def document(self) -> Document:
        mine = Document.objects.filter(of_classes(classes_read(self.permissions)), record=self.record)
        added = mine.filter(source=Document.Source.ADDED)
        found = added.filter(pk=self.kwargs["document_id"]).first()
        if found is None:
            raise Http404
        return found

    def form(self, data: Any = None) -> Any:
        return TakeBackForm(data)

    def save(self, fields: Reason) -> None:
        now, by = self.request.moment.now, self.actor.professional
        actions.take_back(document=self.document, by=by, now=now, **fields)

    def heading(self) -> str:
        return f"Retirer « {self.document.title} »"

    def done(self) -> str:
        return "Document retiré de ce dossier."


def _authors() -> list[str]:
    """Names of the address book, structures first."""
    structures = [str(one) for one in Structure.objects.order_by("name", "pk")[:OFFERED]]
    return structures + [str(one) for one in outsiders().order_by("last_name", "pk")[:OFFERED]]
