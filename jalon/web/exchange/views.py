"""The mailbox of the establishment: what waits for a person, what was filed, what left."""

from django.http import HttpResponse
from django.shortcuts import render

from jalon.exchange.models import Reception
from jalon.exchange.queries import to_check
from jalon.staff.models import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.http import Request
from jalon.web.place import scope_of


class Inbox(ProfessionalView):
    """Messages received by the chosen establishment."""

    permission = Permission.MATCH_RECEPTION

    def get(self, request: Request) -> HttpResponse:
        scope = scope_of(request)
        found = Reception.objects.filter(establishment_id__in=scope.establishment_ids).order_by(
            "-received_at"
        )[:100]
        context = {"scope": scope, "receptions": list(found), "to_check": to_check(scope.establishment_ids)}
        return render(request, "exchange/inbox.html", context, using="jinja2")
