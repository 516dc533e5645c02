"""The filters that a relève is looked at with, kept by its gestures."""

from django.urls import reverse

from jalon.faces.http import Request
from jalon.faces.paging import with_asked


def kept(request: Request) -> str:
    """These filters, behind the address of a gesture."""
    return with_asked(request) if request.GET else ""


def undo(request: Request) -> str:
    """Where « Annuler » of a reading is posted."""
    return reverse("handover:unread") + kept(request)
