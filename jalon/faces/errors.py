"""Pages of what cannot be done: each says what happened and what to do."""

import secrets
import sys
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines

from jalon.db.trouble import Trouble, trouble_of
from jalon.faces.gate import NO_MORE
from jalon.staff.why import SOURCES

log = structlog.get_logger()


@dataclass(frozen=True)
class Words:
    """Something of the machine that stops a page: what happened, and what to do, for whoever reads it."""

    title: str
    words: str


FULL = Words(
    "Il n’y a plus de place sur le serveur",
    "Ce que vous veniez d’écrire n’est pas enregistré ; tout ce qui l’était avant est gardé. Gardez votre "
    "texte, prévenez l’administrateur, et réessayez : tout reprend dès qu’il a fait de la place.",
)
AWAY = Words(
    "La base de données ne répond pas",
    "Ce que vous veniez d’écrire n’est pas enregistré ; tout ce qui l’était avant est gardé. Réessayez dans "
    "une minute : tout reprend de soi-même. Si cela dure, donnez ce numéro à l’administrateur.",
)
LONG = Words(
    "Cette page demande trop de temps",
    "Rien n’a été enregistré à moitié. Choisissez une période ou une liste plus courte, ou réessayez.",
)
OUT_OF_REACH = Words(
    "Les documents ne répondent pas",
    "Ce que vous veniez d’écrire n’est pas enregistré ; tout ce qui l’était avant est gardé, et le reste du "
    "dossier se lit. Réessayez dans une minute. Si cela dure, donnez ce numéro à l’administrateur.",
)
ELSEWHERE = Words(
    "Votre organisme n’est pas servi à cette adresse",
    "Ses dossiers sont à une autre adresse, ou en cours de déplacement : rien n’est perdu. Demandez "
    "l’adresse à votre administrateur.",
)
TROUBLES: dict[Trouble, Words] = {
    Trouble.FULL: FULL, Trouble.AWAY: AWAY, Trouble.LONG: LONG, Trouble.OUT_OF_REACH: OUT_OF_REACH,
}  # fmt: skip
NO_TEXT = "Il contient un caractère qu’aucun texte ne porte."
UNREADABLE: dict[type[Exception], str] = {
    DisallowedHost: "L’adresse demandée n’est pas celle de ce service.",
    TooManyFilesSent: "Il contient trop de fichiers : cent au plus à la fois.",
    TooManyFieldsSent: "Il contient trop de champs.",
    RequestDataTooBig: "Il est trop lourd.",
}


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, f"errors/{template}.html", context, status=status, using="jinja2")


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    why = next((words for kind, words in UNREADABLE.items() if isinstance(exception, kind)), NO_TEXT)
    return _page(request, "400", 400, why=why)


def too_many(request: HttpRequest, *_: Any) -> HttpResponse:
    """429: one was wrong, or asked, too often."""
    return _page(request, "429", 429)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason of the gate."""
    reason = str(exception) if exception and str(exception) else "Cette page ne vous est pas ouverte."
    why, helpers = getattr(exception, "why", NO_MORE), getattr(exception, "helpers", ())
    source = SOURCES[why.rule] if why.rule else ""
    return _page(request, "403", 403, reason=reason, why=why, source=source, helpers=helpers)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, "404", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the machine, with a reference that is also in the log. No database is asked."""
    reference = getattr(request, "reference", "") or secrets.token_hex(4)
    trouble = trouble_of(sys.exc_info()[1])
    words = TROUBLES[trouble] if trouble else None
    match = request.resolver_match
    log.error("page_failed", reference=reference, page=match.view_name if match else "", error=_error())
    return _of_the_machine(request, words, 503 if trouble else 500, reference)


def elsewhere(request: HttpRequest) -> HttpResponse:
    """421: whoever is signed in works for a managing body that is not served here."""
    return _of_the_machine(request, ELSEWHERE, 421, secrets.token_hex(4))


def _of_the_machine(request: HttpRequest, words: Words | None, status: int, reference: str) -> HttpResponse:
    context = {
        "reference": reference,
        "demo": settings.DEMO,
        "theme": request.COOKIES.get("affichage", ""),
        "messages": (),
        "trouble": words,
    }
    page = engines["jinja2"].get_template("errors/503.html" if words else "errors/500.html")
    answer = HttpResponse(page.render(context), status=status)
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _error() -> str:
    kind = sys.exc_info()[0]
    return kind.__name__ if kind else ""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the page was open too long or came from elsewhere."""
    return _page(request, "expired", 403)
