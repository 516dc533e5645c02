"""Documents of a record: the list, one of them readable, its file, and the decisions on its deliveries."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from markupsafe import Markup

from jalon.core.errors import DomainError
from jalon.documents.models import Document as Filed
from jalon.exchange.models import Delivery
from jalon.exchange.outbox import publish
from jalon.exchange.queries import deliveries_of
from jalon.exchange.reading import file_of, readable
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.staff.rules import Permission
from jalon.web.areas.documents.export import may_export
from jalon.web.shown.deliveries import shown
from jalon.web.shown.record_page import Page


class DocumentPage(Page):
    """A page of the documents of a record."""

    permission = Permission.READ_DOCUMENTS

    def document(self, document_id: Any) -> Filed:
        found = Filed.objects.filter(record=self.record, pk=document_id).select_related("author").first()
        if found is None:
            raise Http404
        return found


class Documents(DocumentPage):
    """The list, latest first, with where each stands on its way."""

    template = "documents/list.html"

    def get(self, request: Request) -> HttpResponse:
        filed = Filed.objects.filter(record=self.record).select_related("author")
        page = leaf(request, filed.order_by("-written_at", "-pk"))
        sent = deliveries_of([document.pk for document in page.rows])
        rows = [{"document": one, "deliveries": shown(sent.get(one.pk, []))} for one in page.rows]
        return self.show(documents=rows, page=page, may_export=may_export(self))


class Document(DocumentPage):
    """One document: what it says, and each step of its deliveries."""

    template = "documents/document.html"

    def get(self, request: Request, document_id: Any) -> HttpResponse:
        document = self.document(document_id)
        return self.show(
            document=document,
            content=Markup(readable(document)),  # noqa: S704  our own escaped rendering
            deliveries=shown(deliveries_of([document.pk]).get(document.pk, [])),
            may_send=self.may(Permission.SEND_DOCUMENT),
        )


class File(DocumentPage):
    """The file itself, opened by the browser's own reader."""

    def get(self, request: Request, document_id: Any) -> HttpResponseBase:
        document = self.document(document_id)
        suffix = "pdf" if document.media_type == "application/pdf" else "xml"
        # The name says the type and the version, never the person (the address of a file may be logged).
        name = f"document-{document.type_code}-v{document.version}.{suffix}"
        data = io.BytesIO(file_of(document))
        return FileResponse(
            data, content_type=document.media_type, filename=name, as_attachment=suffix == "xml"
        )


class Decide(DocumentPage):
    """A person decides on a delivery: send it again, or note that the receiver has it."""

    permission = Permission.SEND_DOCUMENT

    def post(self, request: Request, delivery_id: Any) -> HttpResponse:
        delivery = (
            Delivery.objects.filter(pk=delivery_id, document__record=self.record)
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
