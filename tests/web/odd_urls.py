"""Views that misbehave, to see what the gate and the middleware make of them."""

import contextlib
import io
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import path

from jalon.audit.models import Access
from jalon.config.urls import handler403, handler404, handler500, urlpatterns
from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView, RecordView

__all__ = ["handler403", "handler404", "handler500"]


class RefusesThenBreaks(RecordView):
    permission = Permission.OPEN_RECORD

    def get(self, request: Request) -> HttpResponse:
        with contextlib.suppress(PermissionDenied):
            self.refuse("Refusé par la vue.", self.record.pk)
        raise RuntimeError("Mme ROSEAU Fictive, 2 51 05 99 999")


class RefusesThenCannotCommit(RecordView):
    permission = Permission.OPEN_RECORD

    def post(self, request: Request) -> HttpResponse:
        with contextlib.suppress(PermissionDenied):
            self.refuse("Refusé par la vue.", self.record.pk)
        # The foreign key is deferred: the fault shows when the request is committed.
        Access.objects.create(professional_id=uuid.uuid4(), page="odd")
        return HttpResponse("fait")


class Writes(RecordView):
    permission = Permission.EDIT_PERSON

    def get(self, request: Request) -> HttpResponse:
        people.edit(person=self.record.person, by=self.actor.professional, phone="01 99 00 00 01")
        return HttpResponse("écrit")

    post = get


class Streams(ProfessionalView):
    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> StreamingHttpResponse:
        return StreamingHttpResponse(line for line in ("une", "deux"))


class SendsAFile(ProfessionalView):
    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> FileResponse:
        return FileResponse(io.BytesIO(b"un fichier"))


def _record(view: Any) -> str:
    return f"dossiers/<uuid:record_id>/{view.__name__.lower()}/"


odd: list[Any] = [
    path(_record(Writes), Writes.as_view(), name="writes"),
    path(_record(RefusesThenBreaks), RefusesThenBreaks.as_view(), name="breaks"),
    path(_record(RefusesThenCannotCommit), RefusesThenCannotCommit.as_view(), name="cannot-commit"),
    path("flux/", Streams.as_view(), name="streams"),
    path("fichier/", SendsAFile.as_view(), name="file"),
]
urlpatterns = [*odd, *urlpatterns]
