"""Pages of what cannot be done: each says what happened and what to do."""

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = structlog.get_logger()


def _page(request: HttpRequest, template: str, status: int, **context: str) -> HttpResponse:
    return render(request, f"errors/{template}.html", context, status=status, using="jinja2")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason of the gate."""
    reason = str(exception) if exception and str(exception) else "Cette page ne vous est pas ouverte."
    return _page(request, "403", 403, reason=reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, "404", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, with a reference number that is also in the log."""
    reference = secrets.token_hex(4)
    log.error("page_failed", reference=reference, path_name=getattr(request.resolver_match, "view_name", ""))
    return _page(request, "500", 500, reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the page was open too long or came from elsewhere."""
    return _page(request, "403", 403, reason="La page a expiré. Rechargez-la, puis recommencez.")
