"""The photo of a person: shown with an agreement, taken away by one gesture."""

import datetime as dt
from typing import Any, TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from jalon.documents.photos import square
from jalon.documents.storage import load, store
from jalon.faces.http import Request
from jalon.faces.uploads import TOO_BIG
from jalon.people import actions as people
from jalon.staff.rules import NO_CONTENT, ContentClass, Permission
from jalon.web.areas.identity.forms import PhotoForm
from jalon.web.shown.papers import served
from jalon.web.shown.record_page import EditPage, Page

HOUR = 3600


class Face(TypedDict):
    """A photo, who agreed to it, and when."""

    photo: bytes
    photo_agreed_by: str
    photo_agreed_on: dt.date


class Show(EditPage[Face]):
    """A photo to show, in place of the former one."""

    permission = Permission.EDIT_PERSON
    content = frozenset({ContentClass.DAILY})
    shown_at = "identity"

    def form(self, data: Any = None) -> Any:
        too_big = hasattr(self.request, TOO_BIG)
        files = self.request.FILES if data is not None and not too_big else None
        return PhotoForm(data, files, initial={"photo_agreed_on": self.request.today}, too_big=too_big)

    def save(self, fields: Face) -> None:
        photo = store(square(fields["photo"]))
        people.show_face(
            person=self.record.person,
            photo=photo,
            agreed_by=fields["photo_agreed_by"],
            agreed_on=fields["photo_agreed_on"],
            by=self.actor.professional,
            today=self.request.today,
        )

    def heading(self) -> str:
        return "Photo"

    def done(self) -> str:
        return "Photo enregistrée."


class Hide(Page):
    """The agreement is taken back, or the photo was a mistake."""

    permission = Permission.EDIT_PERSON
    content = NO_CONTENT

    def post(self, request: Request) -> HttpResponse:
        people.hide_face(person=self.record.person, by=self.actor.professional)
        messages.success(request, "La photo n’est plus montrée.")
        return redirect("records:identity", self.record.pk)


class Picture(Page):
    """The photo itself. Its address changes with it, so that a browser may keep it for the hour."""

    permission = Permission.OPEN_RECORD
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponseBase:
        kept = self.record.person.photo_sha256
        if not kept:
            raise Http404
        answer = served(load(kept), "photo")
        answer.headers["Cache-Control"] = f"private, max-age={HOUR}"
        return answer
