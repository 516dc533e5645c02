"""« Ma journée »: who is here, what happens today, what was told since the last service."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jalon.agenda.queries import between
from jalon.core.names import initials
from jalon.faces.http import Request
from jalon.people.models import Vigilance
from jalon.staff.models import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.handover.notes import recent
from jalon.web.people.view_models import VIGILANCE_ICONS
from jalon.web.place import records_here, scope_of

TONES = ("educ", "emo", "vie", "lien", "soin")


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


def tiles(records: list[Any]) -> list[dict[str, Any]]:
    """One tile per person: name, room, first vigilance."""
    first: dict[Any, Vigilance] = {}
    for vigilance in Vigilance.objects.filter(
        person__in=[record.person_id for record in records], active=True
    ):
        first.setdefault(vigilance.person_id, vigilance)
    return [_tile(record, first.get(record.person_id)) for record in records]


def _tile(record: Any, vigilance: Vigilance | None) -> dict[str, Any]:
    person = record.person
    tone, icon = VIGILANCE_ICONS[vigilance.kind] if vigilance else ("", "")
    return {
        "id": record.pk,
        "name": f"{person.usual_first_name} {person.usual_name}",
        "initials": initials(person.usual_name, person.usual_first_name),
        "small": f"Chambre {record.room}" if record.room else (record.unit.name if record.unit else ""),
        "status": person.identity_status,
        "vigilance": vigilance.text if vigilance else "",
        "tone": tone,
        "icon": icon,
    }
