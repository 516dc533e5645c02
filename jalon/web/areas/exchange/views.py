"""The mailbox of the establishment: what waits for a person, what was filed, what left."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from markupsafe import Markup

from jalon.core.errors import DomainError
from jalon.exchange.inbox import deciding
from jalon.exchange.inbox.reading import Received
from jalon.exchange.models import Reception, ReceptionState
from jalon.exchange.outbox.routes import label
from jalon.exchange.queries import to_check
from jalon.faces.http import Request, as_uuid, shows
from jalon.faces.paging import leaf
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView
from jalon.web.place import scope_of
from jalon.web.shown.search import found
from jalon.web.shown.tiles import tiles


class Mailbox(ProfessionalView):
    """A page of the mailbox: messages of the establishments where one may match them."""

    permission = Permission.MATCH_RECEPTION

    def mine(self) -> Any:
        houses = {place.establishment_id for place in self.actor.places_with(self.permission)}
        return Reception.objects.filter(establishment_id__in=houses)

    def reception(self, reception_id: Any) -> Reception:
        one: Reception | None = self.mine().filter(pk=reception_id).first()
        if one is None:
            self.refuse("Ce message n’est pas d’une boîte de vos établissements.")
        return one

    def records(self) -> RecordQuerySet:
        """The records a message may be filed in."""
        return Record.objects.visible_to(self.actor, permission=self.permission, today=self.request.today)


class Inbox(Mailbox):
    """Messages received by the chosen establishment."""

    def get(self, request: Request) -> HttpResponse:
        scope = scope_of(request)
        here = (
            self.mine().filter(establishment_id__in=scope.establishment_ids).order_by("-received_at", "-pk")
        )
        mine = set(self.records().values_list("pk", flat=True))
        uncertain = [one for one in to_check(scope.establishment_ids) if one.document.record_id in mine]
        shows(request, [one.document.record_id for one in uncertain])
        context = {
            "scope": scope,
            "waiting": leaf(request, here.filter(state=ReceptionState.TO_MATCH), "attente"),
            "done": leaf(
                request, here.exclude(state=ReceptionState.TO_MATCH).select_related("person"), "traites"
            ),
            "to_check": [(one, label(one.destination)) for one in uncertain],
            "may_decide": self.actor.may(Permission.SEND_DOCUMENT),
        }
        return render(request, "exchange/inbox.html", context, using="jinja2")


class Message(Mailbox):
    """One message: what it carries, who it may be of."""

    def get(self, request: Request, reception_id: Any) -> HttpResponse:
        reception = self.reception(reception_id)
        carried = deciding.opened(reception)
        words = request.GET.get("q", "").strip()
        context = {
            "reception": reception,
            "waiting": reception.state == ReceptionState.TO_MATCH,
            "documents": [Markup(one) for one in deciding.readable(carried)],  # noqa: S704  our own escaped rendering
            "claimed": carried.traits if carried else None,
            "candidates": self.candidates(reception, carried, words),
            "q": words,
        }
        return render(request, "exchange/message.html", context, using="jinja2")

    def candidates(self, reception: Reception, carried: Received | None, words: str) -> list[dict[str, Any]]:
        records = self.records().filter(establishment_id=reception.establishment_id).with_identity()
        if words:
            asked = list(found(records, words).in_french_order()[:8])
        else:
            alike = [person.pk for person in deciding.lookalikes(carried)]
            asked = sorted(records.filter(person__in=alike), key=lambda record: alike.index(record.person_id))
        shows(self.request, [record.pk for record in asked])
        return tiles(asked)


class Decision(Mailbox):
    """A decision on a waiting message."""

    def done(self, act: Any, said: str, reception: Reception) -> HttpResponse:
        try:
            act()
            messages.success(self.request, said)
            return redirect("exchange:inbox")
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
            return redirect("exchange:message", reception.pk)


class ConfirmMatch(Decision):
    """It is this person's."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        reception = self.reception(reception_id)
        chosen = as_uuid(request.POST.get("record"))
        record = self.records().select_related("person").filter(pk=chosen).first() if chosen else None
        if record is None:
            self.refuse("Ce dossier ne vous est pas ouvert.")
        by, now = self.actor.professional, request.moment.now
        return self.done(
            lambda: deciding.confirm_match(reception=reception, record=record, by=by, now=now),
            "Le document est classé.",
            reception,
        )


class SetAside(Decision):
    """It is nobody's here."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        reception = self.reception(reception_id)
        reason, by, now = request.POST.get("reason", ""), self.actor.professional, request.moment.now
        return self.done(
            lambda: deciding.set_aside(reception=reception, reason=reason, by=by, now=now),
            "Le message est écarté.",
            reception,
        )
