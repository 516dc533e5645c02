"""Pages sent compressed, when they are text and hold no secret (ADR 0024).

A compressed page tells by its length whether what a stranger slipped in repeats what stands beside (BREACH).
"""

from typing import Any, Final

from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware

TEXTS: Final = ("text/", "application/json", "application/xml", "image/svg+xml")
SECRETS: Final = "/compte/"  # the pages of one's account show a key, codes of rescue


class Compressed(GZipMiddleware):
    """Django's own, which lengthens each answer at random: for texts, elsewhere than in one's account."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        text = response.headers.get("Content-Type", "").startswith(TEXTS)
        if request.path.startswith(SECRETS) or not text:
            return response
        return super().process_response(request, response)
