"""What every gate does, whoever is at the door: refuse what cannot be read, trace a refusal and say why.

A face of the product says who may enter: `jalon.web.gate` for professionals.
"""

from typing import Any, NoReturn

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from jalon.faces.http import Refusal, Request, unreadable


class Refused(PermissionDenied):
    """Why a page stays shut. `closed`: for everybody here; `openers`: the functions it opens to.

    `helpers`: who may help, here.
    """

    def __init__(
        self,
        reason: str,
        *,
        closed: bool = False,
        openers: tuple[str, ...] = (),
        helpers: tuple[str, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.closed = closed
        self.openers = openers
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

    def refuse(
        self, reason: str, record_id: Any = None, *, closed: bool = False, openers: tuple[str, ...] = ()
    ) -> NoReturn:
        """Trace the refusal and answer 403 with its reason."""
        self.request.refusals.append(Refusal(self.page, reason, record_id))
        raise Refused(reason, closed=closed, openers=openers, helpers=self.helpers())

    def helpers(self) -> tuple[str, ...]:
        """Who may help whoever is refused: a face says."""
        return ()
