"""The sessions that somebody has open, and the end of one: at its next request, it is nobody's."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from jalon.staff.models import Session
from jalon.web.account.sessions import SINCE, digest_of, opened

FROM: Final = "from"
"""Of a session: the browser and the address it was opened with."""
BROWSERS: Final = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS: Final = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
    "Linux": "Linux",
}  # fmt: skip
OTHERS: Final = "others"


@dataclass(frozen=True)
class Opened:
    """A session of an account, as its owner recognizes it."""

    digest: str
    browser: str
    address: str
    since: dt.datetime
    used: dt.datetime
    here: bool


class Sessions(LoginRequiredMixin, View):
    """One's own sessions, and « Fermer »."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "account/sessions.html", {"sessions": sessions_of(request)}, using="jinja2")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close one, or all but this one; that of this browser is left by « Se déconnecter »."""
        asked = request.POST.get("session", "")
        others = _of(request.user).exclude(pk=digest_of(request.session.session_key))
        gone, _ = (others if asked == OTHERS else others.filter(pk=asked)).delete()
        messages.success(request, _told(gone))
        return redirect("sessions")


def begun(request: HttpRequest) -> None:
    """Somebody has just signed in: what their session is known by, and where its time is counted from."""
    now = int(timezone.now().timestamp())
    agent = request.META.get("HTTP_USER_AGENT", "")
    request.session[SINCE] = now
    request.session[FROM] = [browser_of(agent), request.META.get("REMOTE_ADDR", "")]


def sessions_of(request: HttpRequest) -> list[Opened]:
    """Those of whoever asks that have not ended, this one first, then the latest used."""
    here = digest_of(request.session.session_key)
    found = [_opened(row, here) for row in _of(request.user)]
    return sorted(found, key=lambda one: (one.here, one.used), reverse=True)


def browser_of(agent: str) -> str:
    """« Firefox, Windows », of what a browser says of itself."""
    words = [
        next((word for sign, word in known.items() if sign in agent), "") for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, words)) or "Navigateur inconnu"


def _of(account: Any) -> QuerySet[Session]:
    return Session.objects.filter(account=account, ends_at__gt=timezone.now())


def _opened(row: Session, here: str) -> Opened:
    held: dict[str, Any] = opened(row)
    browser, address = held.get(FROM) or (browser_of(""), "")
    minute = held.get("minute")
    used = dt.datetime.fromtimestamp(minute * 60, dt.UTC) if minute else row.started_at
    return Opened(row.digest, browser, address, row.started_at, used, row.digest == here)


def _told(gone: int) -> str:
    match gone:
        case 0:
            return "Cette session était déjà finie."
        case 1:
            return "La session est fermée."
        case _:
            return f"{gone} sessions sont fermées."
