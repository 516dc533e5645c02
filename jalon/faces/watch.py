"""The first to hear a request: the addresses of whoever watches, the count and the log of all the others."""

import secrets
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jalon.faces.metrics import COUNTS, metrics
from jalon.faces.probes import alive, ready

log = structlog.get_logger()
Page = Callable[[HttpRequest], HttpResponse]
ADDRESSES: Final[dict[str, Page]] = {
    "/sante/vivant": alive,
    "/sante/pret": ready,
    "/sante/mesures": metrics,
}
"""Answered before anything else: by any name of host, without https, without session."""


class Watched:
    """A reference for each request, said in the log and on the page of an error.

    The log has the name of the page, never its address, its query or who asks.
    """

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if watcher := ADDRESSES.get(request.path):
            return watcher(request)
        began = time.perf_counter()
        request.reference = secrets.token_hex(4)  # type: ignore[attr-defined]  # what this middleware adds
        answer = self.get_response(request)
        self._note(request, answer.status_code, time.perf_counter() - began)
        return answer

    @staticmethod
    def _note(request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = match.view_name if match else ""
        method = request.method if request.method in ("GET", "POST", "HEAD") else "other"
        COUNTS.add(str(method), route, status, seconds)
        if settings.ACCESS_LOG:
            reference = getattr(request, "reference", "")
            log.info(
                "request", reference=reference, method=method, page=route, status=status,
                ms=round(1000 * seconds),
            )  # fmt: skip
