"""« Publié. Annuler »: a gesture told with the way to take it back, for a short time."""

from django.contrib import messages
from django.http import HttpRequest


def told(request: HttpRequest, text: str, undo: str, *fields: tuple[str, str]) -> None:
    """Tell what was done; `undo` is where a button posts these fields to take it back (`ui.message`)."""
    flat = [part for field in fields for part in field]
    messages.success(request, text, extra_tags=" ".join([undo, *flat]))
