"""A gesture of a record made from another page leads back there."""

import uuid

from django.urls import reverse

from jalon.faces.http import Request

NAME = "depuis"
PAGES = {"releve": "handover:list", "journee": "home:day"}


def back_to(request: Request, record_id: uuid.UUID) -> str:
    """The page that the gesture was made from, as its address says; the record, when it names none."""
    page = PAGES.get(request.GET.get(NAME, ""))
    return reverse(page) if page else reverse("records:summary", args=[record_id])


def behind(request: Request) -> str:
    """What says so, behind the address of the next gesture."""
    asked = request.GET.get(NAME, "")
    return f"?{NAME}={asked}" if asked in PAGES else ""
