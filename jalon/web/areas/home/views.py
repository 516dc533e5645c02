"""« Ma journée »: who is here, what happens today, what was told since the last service."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jalon.agenda.queries import between
from jalon.faces.http import Request
from jalon.staff.models import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import records_here, scope_of
from jalon.web.shown.notes import recent
from jalon.web.shown.tiles import tiles


class Day(ProfessionalView):
    """The page everyone starts from."""

    permission = Permission.LIST_RECORDS

    def get(self, request: Request) -> HttpResponse:
        records = list(records_here(request).with_identity().in_french_order()[:120])
        now = timezone.now()
        context = {
            "scope": scope_of(request),
            "tiles": tiles(records),
            "today": request.today,
            "events": self.events(now),
            "unread": [note for note in recent(request, now) if not note["is_read"]],
            "now": now,
        }
        return render(request, "home/day.html", context, using="jinja2")

    def events(self, now: dt.datetime) -> list[dict[str, Any]]:
        records = records_here(self.request, Permission.READ_AGENDA).select_related("person")
        start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        people = {record.pk: record.person.usual_first_name for record in records}
        found = between(people, start, start + dt.timedelta(days=1))
        return [
            {**event, "who": people[event["record_id"]], "past": event["ends_at"] < now} for event in found
        ][:40]
