"""Documents of a record: the list, one of them readable, its file, and the decisions on its deliveries."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from jalon.core.errors import DomainError
from jalon.documents.kinds import ANY
from jalon.documents.models import Document as Filed
from jalon.documents.queries import of_classes
from jalon.exchange.models import Delivery
from jalon.exchange.outbox import publish
from jalon.exchange.queries import deliveries_of
from jalon.exchange.reading import file_of, read_of
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.formats.cda.render import joined
from jalon.staff.rules import EVERY_CONTENT, Permission, classes_read, reading
from jalon.web.areas.documents.export import may_export
from jalon.web.shown.deliveries import shown
from jalon.web.shown.papers import Paper, paper, plain, served
from jalon.web.shown.record_page import Page


class DocumentPage(Page):
    """A page of the documents of a record."""

    permission = Permission.READ_DOCUMENTS
    content = EVERY_CONTENT

    def documents(self) -> QuerySet[Filed]:
        """Those of this record that are about what one may read."""
        mine = Filed.objects.filter(of_classes(classes_read(self.permissions)), record=self.record)
        return mine.select_related("author", "filed_by")

    def document(self, document_id: Any) -> Filed:
        found = self.documents().filter(pk=document_id).first()
        if found is None:
            raise Http404
        return found


class Documents(DocumentPage):
    """The list, latest first, with where each stands on its way."""

    template = "documents/list.html"

    def get(self, request: Request) -> HttpResponse:
        page = leaf(request, self.documents().order_by("-written_at", "-pk"))
        sent = deliveries_of([document.pk for document in page.rows])
        rows = [{"document": one, "deliveries": shown(sent.get(one.pk, []))} for one in page.rows]
        may_add = self.may(Permission.ADD_DOCUMENT)
        sees_all = all(self.may(reading(content)) for content in ANY)
        return self.show(
            documents=rows, page=page, sees_all=sees_all, may_add=may_add, may_export=may_export(self)
        )


class Document(DocumentPage):
    """One document: what it says, and each step of its deliveries."""

    shown_at = "documents"
    template = "documents/document.html"

    def get(self, request: Request, document_id: Any) -> HttpResponse:
        document = self.document(document_id)
        return self.show(
            document=document,
            paper=self.paper(document),
            deliveries=shown(deliveries_of([document.pk]).get(document.pk, [])),
            may_send=self.may(Permission.SEND_DOCUMENT),
            added=document.source == Filed.Source.ADDED,
            may_add=self.may(Permission.ADD_DOCUMENT),
        )

    def paper(self, document: Filed) -> Paper:
        """What is read of it: of a paper without clinical content, its PDF alone."""
        pdf = reverse("records:file", args=[self.record.pk, document.pk])
        read = read_of(document)
        if read is None:
            return plain(document.title, document.media_type, pdf)
        here = (self.record.pk, document.pk)
        return paper(
            read, heading=3, pdf=pdf, joined=lambda rank: reverse("records:joined", args=[*here, rank])
        )


class File(DocumentPage):
    """The file itself, opened by the browser's own reader."""

    def get(self, request: Request, document_id: Any) -> HttpResponseBase:
        document = self.document(document_id)
        name = f"document-{document.type_code}-v{document.version}"
        return served(file_of(document), name, otherwise="xml")


class Joined(DocumentPage):
    """A file that came with a received document: a picture, a prescription."""

    def get(self, request: Request, document_id: Any, rank: int) -> HttpResponseBase:
        read = read_of(self.document(document_id))
        files = joined(read) if read else ()
        if rank >= len(files):
            raise Http404
        return served(files[rank].data, "piece-jointe")


class Decide(DocumentPage):
    """A person decides on a delivery: send it again, or note that the receiver has it."""

    permission = Permission.SEND_DOCUMENT

    def post(self, request: Request, delivery_id: Any) -> HttpResponse:
        delivery = (
            Delivery.objects.filter(pk=delivery_id, document__in=self.documents().values("pk"))
            .select_related("document")
            .first()
        )
        if delivery is None:
            raise Http404
        act = publish.mark_received if request.POST.get("geste") == "recu" else publish.request_again
        try:
            act(delivery=delivery, by=self.actor.professional, now=self.request.moment.now)
            messages.success(request, "Votre décision est notée.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("records:document", self.record.pk, delivery.document_id)
