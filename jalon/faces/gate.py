"""What every gate does, whoever is at the door: refuse what cannot be read, trace a refusal and say why.

A face of the product says who may enter: `jalon.web.gate` for professionals.
"""

from dataclasses import dataclass
from typing import Any, NoReturn

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from jalon.faces.http import Refusal, Request, unreadable
from jalon.staff.why import Rule


@dataclass(frozen=True)
class Door:
    """A way on from a refusal: a link, as its button says it."""

    words: str
    address: str
    icon: str
    kind: str = "trait"


@dataclass(frozen=True)
class Why:
    """What is told with a refusal: the rule that closes, and what can be done.

    `closed`: for everybody here; `openers`: the functions it opens to.
    """

    rule: Rule | None = None
    closed: bool = False
    openers: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()


NO_MORE = Why()


class Refused(PermissionDenied):
    """A page stays shut: its reason, why, and who may help here."""

    def __init__(self, reason: str, why: Why, helpers: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.why = why
        self.helpers = helpers


class Gate(View):
    """A page behind a door."""

    request: Request

    @property
    def page(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if unreadable(request):
            raise BadRequest
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, reason: str, record_id: Any = None, why: Why = NO_MORE) -> NoReturn:
        """Trace the refusal and answer 403 with its reason, and why."""
        self.request.refusals.append(Refusal(self.page, reason, record_id))
        raise Refused(reason, why, self.helpers())

    def helpers(self) -> tuple[str, ...]:
        """Who may help whoever is refused: a face says."""
        return ()
