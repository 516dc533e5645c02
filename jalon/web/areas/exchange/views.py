"""The list: what waits for a person, what was done with the rest, what left and may not have arrived."""

import uuid
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from jalon.exchange.models import Delivery, Reception, ReceptionState
from jalon.exchange.outbox.routes import label
from jalon.exchange.queries import failing_rounds, filed_in, to_check, unread_receptions, waiting_receptions
from jalon.faces.http import Request, as_uuid, shows
from jalon.faces.paging import leaf
from jalon.records.models import Record
from jalon.staff.rules import Permission
from jalon.web.areas.exchange.mailbox import Mailbox
from jalon.web.place import scope_of


class Inbox(Mailbox):
    """Messages of one house: the one that is asked for, else the chosen place."""

    def get(self, request: Request) -> HttpResponse:
        house = self.house()
        here = self.mine().filter(establishment_id=house).order_by("-received_at", "-pk")
        waits = ReceptionState.TO_MATCH
        done = here.exclude(state__in=(waits, ReceptionState.REJECTED)).annotate(
            record=filed_in(self.records()).filter(reception=OuterRef("pk")).values("document__record")[:1]
        )
        settled = leaf(request, done, "traites")
        unsure = leaf(request, self.unsure(house), "verifier")
        names = self.names(settled.rows)
        shows(request, [*names, *(one.document.record_id for one in unsure.rows)])
        context = {
            "house": self.named(house),
            "houses": self.mailboxes(house),
            "failing": failing_rounds([house]),
            "unread": leaf(request, unread_receptions([house]), "a-traiter"),
            "waiting": leaf(request, here.filter(state=waits), "attente"),
            "done": settled,
            "names": names,
            "to_check": unsure,
            "destinations": {one.pk: label(one.destination) for one in unsure.rows},
        }
        return render(request, "exchange/inbox.html", context, using="jinja2")

    def house(self) -> uuid.UUID:
        """The one asked for, else the chosen place, if this person sorts its mailbox; else one of theirs."""
        known = self.houses()
        for one in (as_uuid(self.request.GET.get("maison")), scope_of(self.request).establishment_id):
            if one in known:
                return one
        return min(known, key=self.named)

    def named(self, house: uuid.UUID) -> str:
        return str(self.actor.houses[house].place)

    def mailboxes(self, house: uuid.UUID) -> list[dict[str, Any]]:
        """Every mailbox of this person, with how much waits there: none is out of sight."""
        counts = waiting_receptions(self.houses())
        known = sorted(self.houses(), key=self.named)
        return [
            {"id": one, "name": self.named(one), "count": counts.get(one, 0), "current": one == house}
            for one in known
        ]

    def names(self, rows: list[Reception]) -> dict[Any, str]:
        """Whose record each message is in, of those that this person may see."""
        wanted = {vars(one)["record"] for one in rows} - {None}
        found = Record.objects.filter(pk__in=wanted).select_related("person")
        return {record.pk: str(record.person) for record in found}

    def unsure(self, house: uuid.UUID) -> QuerySet[Delivery]:
        """Deliveries to decide, of the documents that this person may send, hence read."""
        sending = Permission.SEND_DOCUMENT
        mine = Record.objects.visible_to(self.actor, permission=sending, today=self.request.today)
        return to_check(mine.filter(establishment_id=house), self.actor.reads_wherever(sending))
