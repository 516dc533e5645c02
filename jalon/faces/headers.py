"""What every answer tells the browser, files of style included."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

# Nothing of the device is used; a key of security is (WebAuthn).
CLOSED: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
POLICY: Final = ", ".join([*(f"{name}=()" for name in CLOSED), "publickey-credentials-get=(self)"])

OWN: Final = '"cache", "storage"'
"""Of Clear-Site-Data: pages that the browser keeps, and drafts."""
SHARED: Final = '"cache"'
"""The same where several people have theirs: each draft is encrypted for one of them (ADR 0044)."""


class Headers:
    """Permissions-Policy and Cross-Origin-Resource-Policy, which Django has no setting for.

    Whoever leaves (`request.has_left` says what to forget) leaves nothing on a post that others share.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", POLICY)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if forget := getattr(request, "has_left", ""):
            answer.headers["Clear-Site-Data"] = forget
        return answer
