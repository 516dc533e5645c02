"""The group that a request is for, by the name of the host it came by."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from jalon.db.groups import group_of, within


class InItsGroup:
    """Before anything that asks the database. A host of no group is refused, as one that is not ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.GROUP or not settings.GROUPS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with within(group_of(request.get_host())):
            return self.get_response(request)
