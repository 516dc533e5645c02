"""One message: what its header says, whose it may be, and its document for whoever may open it."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from markupsafe import Markup

from jalon.core.dates import born
from jalon.core.errors import DomainError
from jalon.documents.models import Document
from jalon.documents.queries import of_classes
from jalon.exchange.inbox import deciding
from jalon.exchange.inbox.comparing import unsure
from jalon.exchange.inbox.reading import Received
from jalon.exchange.models import Reception, ReceptionState
from jalon.faces.gate import Why
from jalon.faces.http import Request, as_uuid, shows
from jalon.faces.paging import leaf
from jalon.formats.cda import render as rendering
from jalon.formats.cda.received import ReadDocument
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.records.queries import open_to
from jalon.records.search import found
from jalon.staff.queries import functions_of
from jalon.staff.rules import Permission, classes_read
from jalon.web.areas.exchange.mailbox import Mailbox, who_opens
from jalon.web.gate import openers
from jalon.web.shown.papers import Paper, paper, served
from jalon.web.shown.tiles import tiles

NOBODYS = (
    "Ce document n’est encore à personne : l’ouvre qui range la boîte de tout l’établissement et lit ce dont "
    "il parle."
)
FEW = 8  # candidates of a page of the search


class Message(Mailbox):
    """A message that waits, one that is in a record, or one that nobody here is named by."""

    def get(self, request: Request, reception_id: Any) -> HttpResponse:
        reception = self.reception(reception_id)
        if reception.state == ReceptionState.TO_MATCH:
            return self.waiting(reception)
        if reception.state == ReceptionState.FILED:
            return self.filed(reception)
        self.trace(reception)
        carried = deciding.opened(reception) if reception.state == ReceptionState.SET_ASIDE else None
        return self.shown("exchange/settled.html", reception, headers=self.headers(reception, carried))

    def shown(self, template: str, reception: Reception, **context: Any) -> HttpResponse:
        return render(self.request, template, {"reception": reception, **context}, using="jinja2")

    def filed(self, reception: Reception) -> HttpResponse:
        record = self.record_of(reception)
        self.trace(reception, record)
        return self.shown(
            "exchange/filed.html",
            reception,
            record=record,
            named=named(record.person),
            documents=self.readable(reception, record),
        )

    def readable(self, reception: Reception, record: Record) -> list[Document]:
        """What of this message its reader opens in the record."""
        opened = open_to(
            self.actor, record.pk, permission=Permission.READ_DOCUMENTS, today=self.request.today
        )
        if opened is None:
            return []
        read = of_classes(classes_read(opened.permissions_of(self.actor)))
        return list(deciding.filed_documents(reception).filter(read, record=record))

    def waiting(self, reception: Reception, shown: Paper | None = None, rank: int = -1) -> HttpResponse:
        """The page of a message that waits; `shown`: its document of that rank, when it was opened."""
        self.trace(reception)
        carried = deciding.opened(reception)
        return self.shown(
            "exchange/message.html",
            reception,
            carried=carried,
            headers=self.headers(reception, carried),
            shown=shown,
            rank=rank,
            **self.candidates(reception, carried),
        )

    def headers(self, reception: Reception, carried: Received | None) -> list[dict[str, Any]]:
        """The headers of what a message carries, as whoever sorts reads them; none when it cannot be read."""
        documents = [document for _, document in carried.documents] if carried else []
        return [self.header(reception, document) for document in documents]

    def header(self, reception: Reception, document: ReadDocument) -> dict[str, Any]:
        """Whose it is and from whom; what it is, for whoever reads such documents."""
        told = self.hears_of(reception, document)
        facts = rendering.facts(document) if told else rendering.facts(replace(document, code=None))
        return {
            "title": (told and document.title) or "Document reçu",
            "facts": Markup(facts),  # noqa: S704  our own escaped rendering
            "may_open": self.may_open(reception, document),
            "openers": who_opens(document, functions_of(reception.establishment_id)),
        }

    def candidates(self, reception: Reception, carried: Received | None) -> dict[str, Any]:
        """Who it may be, each with what differs; the one that is compared, if one is chosen."""
        words = self.request.GET.get("q", "").strip()
        records = self.records().with_identity()
        if words:
            page = leaf(self.request, found(records, words).records, "candidats", FEW)
            rows = page.rows
        else:
            alike = [person.pk for person in deciding.lookalikes(carried)]
            rows = sorted(records.filter(person__in=alike), key=lambda one: alike.index(one.person_id))
            page = None
        shows(self.request, [record.pk for record in rows])
        chosen = as_uuid(self.request.GET.get("dossier"))
        record = records.filter(pk=chosen).first() if chosen else None
        return {
            "q": words,
            "page": page,
            "candidates": [
                self.candidate(carried, *pair) for pair in zip(rows, tiles(self.request, rows), strict=True)
            ],
            "chosen": self.compared(carried, record) if record and carried else None,
        }

    def candidate(self, carried: Received | None, record: Record, tile: dict[str, Any]) -> dict[str, Any]:
        """A person of the list: birth date, house, room, and what differs."""
        doubts = unsure(deciding.compared(carried, record.person)) if carried else []
        small = filter(None, (birth(record.person), str(record.establishment), tile["small"]))
        return {**tile, "small": ", ".join(small), "doubts": doubts}

    def compared(self, carried: Received, record: Record) -> dict[str, Any]:
        rows = deciding.compared(carried, record.person)
        try:
            deciding.check_owner(carried, record.person)
            refusal = ""
        except DomainError as error:
            refusal = error.message
        return {
            "record": record,
            "named": named(record.person),
            "rows": rows,
            "doubts": unsure(rows),
            "refusal": refusal,
        }


def birth(person: Person) -> str:
    """« née le 9 février 1940 », "" when it is not known."""
    return born(person.sex, person.birth_date, person.birth_date_precision) if person.birth_date else ""


def named(person: Person) -> str:
    """« Suzanne PISSENLIT (née le 9 février 1940) »: a homonym is told apart."""
    name = f"{person.usual_first_name} {person.usual_name.upper()}"
    return f"{name} ({birth(person)})" if person.birth_date else name


class Opened(Message):
    """The document of a message that waits: read in its page, by whoever may open that mailbox."""

    permission = Permission.OPEN_RECEPTION

    def document(self, reception_id: Any, rank: int) -> tuple[Reception, ReadDocument]:
        reception = self.reception(reception_id)
        if not self.opening(reception):
            functions = functions_of(reception.establishment_id)
            self.refuse(NOBODYS, why=Why(openers=openers(self.permission, functions)))
        if reception.state != ReceptionState.TO_MATCH:
            self.refuse("Ce message n’attend plus : le document se lit dans le dossier où il est classé.")
        carried = deciding.opened(reception)
        if carried is None or rank >= len(carried.documents):
            raise Http404
        document = carried.documents[rank][1]
        if not self.may_open(reception, document):
            functions = functions_of(reception.establishment_id)
            self.refuse(NOBODYS, why=Why(openers=who_opens(document, functions)))
        return reception, document

    def get(self, request: Request, reception_id: Any, rank: int = 0) -> HttpResponse:
        reception, document = self.document(reception_id, rank)
        shown = paper(
            document,
            heading=3,
            pdf=reverse("exchange:file", args=[reception.pk, rank]),
            joined=lambda file: reverse("exchange:joined", args=[reception.pk, rank, file]),
        )
        return self.waiting(reception, shown, rank)


class File(Opened):
    """The PDF of a waiting document."""

    def get(self, request: Request, reception_id: Any, rank: int = 0) -> HttpResponseBase:  # type: ignore[override]  # a file, not a page
        reception, document = self.document(reception_id, rank)
        data = rendering.pdf_of(document)
        if data is None:
            raise Http404
        self.trace(reception)
        return served(data, "document-recu")


class Joined(Opened):
    """A file that came with a waiting document."""

    def get(  # type: ignore[override]  # a file, not a page
        self, request: Request, reception_id: Any, rank: int = 0, file: int = 0
    ) -> HttpResponseBase:
        reception, document = self.document(reception_id, rank)
        files = rendering.joined(document)
        if file >= len(files):
            raise Http404
        self.trace(reception)
        return served(files[file].data, "piece-jointe")
